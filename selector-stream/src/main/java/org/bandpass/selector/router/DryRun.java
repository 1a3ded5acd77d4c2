package org.bandpass.selector.router;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsTable;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.Summary;
import org.bandpass.selector.score.ScoreReader;
import org.bandpass.service.ProgramFailure;

/** Calculates what a plan would keep of the current scored documents, by domain, without writing. */
public final class DryRun {

    private final Plan plan;
    private final Shares before = new Shares();
    private final List<Shares> after = new ArrayList<>();

    /** Documents, tokens and bytes by domain. */
    private static final class Shares {

        private final SortedMap<String, Amount> domains = new TreeMap<>();
        private Amount total = Amount.NONE;

        void add(ScoreReader scores) {
            Amount one = new Amount(1, scores.tokens(), scores.bytes());
            domains.merge(scores.domain(), one, Amount::plus);
            total = total.plus(one);
        }

        Amount of(String domain) {
            return domains.getOrDefault(domain, Amount.NONE);
        }

        /** Returns a domain's share of the documents, in [0, 1]. */
        double share(String domain) {
            return total.documents() == 0 ? 0 : of(domain).documents() / (double) total.documents();
        }
    }

    /** Ranks by the cuts of a frozen plan, or the latest for a live plan. Throws a ProgramFailure without cuts. */
    public DryRun(Plan plan, KafkaCluster cluster) {
        this.plan = plan;
        plan.getBands().forEach(band -> after.add(new Shares()));
        CutsTable cuts = new CutsTable(
                plan,
                plan.getCutMode() == CutMode.FROZEN
                        ? plan.getCuts()
                        : CutsArchive.of(cluster)
                                .choose(plan.getScoredTopic(), plan.getModelRevision(), null)
                                .strata()
                                .values());
        ScoreReader scores = new ScoreReader();
        DeadLetterPositions letters = cluster.settings().deadLetterPositions();
        cluster.read(plan.getScoredTopic(), record -> {
            if (scores.reads(record, letters) && scores.modelRevision().equals(plan.getModelRevision())) {
                add(scores, cuts);
            }
        });
    }

    private void add(ScoreReader scores, CutsTable cuts) {
        before.add(scores);
        double rank = cuts.stratumOf(scores).ranks().rank(scores.meanNll());
        for (int b = 0; b < after.size(); b++) {
            if (PlanBands.contains(plan.getBands().get(b), rank)) {
                after.get(b).add(scores);
            }
        }
    }

    /** Throws a ProgramFailure if a band loses more than {@code most} of a domain's share of the documents. */
    public void requireLossAtMost(double most) {
        for (int b = 0; b < after.size(); b++) {
            Shares kept = after.get(b);
            String band = plan.getBands().get(b).getName();
            before.domains.keySet().stream()
                    .max(Comparator.comparingDouble(domain -> loss(domain, kept)))
                    .filter(worst -> loss(worst, kept) > most)
                    .ifPresent(worst -> {
                        throw new ProgramFailure(Summary.format(
                                "band '%s' of plan '%s' would cut the share of domain '%s' by %.1f %%, more than the"
                                        + " %.1f %% of --max-domain-loss; nothing was written",
                                band, plan.getName(), worst, 100 * loss(worst, kept), 100 * most));
                    });
        }
    }

    private double loss(String domain, Shares kept) {
        return 1 - kept.share(domain) / before.share(domain);
    }

    public Summary summary() {
        ObjectNode json = Summary.object().put("plan", plan.getName()).put("dryRun", true);
        before.total.putInto(json);
        StringBuilder text = new StringBuilder(Summary.format(
                "plan %s would route %,d documents; nothing was written", plan.getName(), before.total.documents()));
        ArrayNode bands = json.putArray("bands");
        for (int b = 0; b < after.size(); b++) {
            Shares kept = after.get(b);
            String band = plan.getBands().get(b).getName();
            ObjectNode entry = bands.addObject().put("name", band);
            kept.total.putInto(entry);
            text.append(Summary.format("%n%n%s: %s", band, kept.total));
            text.append(Summary.format(
                    "%n  %-24s %12s %12s %14s %14s %9s %9s %9s",
                    "domain", "documents", "kept", "tokens kept", "bytes kept", "before", "after", "change"));
            ObjectNode domains = entry.putObject("byDomain");
            before.domains.keySet().forEach(domain -> summarize(domain, kept, domains.putObject(domain), text));
        }
        return new Summary(json, text.toString());
    }

    private void summarize(String domain, Shares kept, ObjectNode json, StringBuilder text) {
        Amount all = before.of(domain);
        Amount left = kept.of(domain);
        double shareBefore = before.share(domain);
        double shareAfter = kept.share(domain);
        double change = shareAfter / shareBefore - 1;
        all.putInto(json.putObject("before"));
        left.putInto(json.putObject("after"));
        json.put("shareBefore", shareBefore).put("shareAfter", shareAfter).put("shareChange", change);
        text.append(Summary.format(
                "%n  %-24s %,12d %,12d %,14d %,14d %8.2f%% %8.2f%% %+8.1f%%",
                domain,
                all.documents(),
                left.documents(),
                left.tokens(),
                left.bytes(),
                100 * shareBefore,
                100 * shareAfter,
                100 * change));
    }
}

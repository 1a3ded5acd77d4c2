package org.bandpass.selector.router;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsTable;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.Summary;
import org.bandpass.selector.score.ScoreReader;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ProgramFailure;

/** What a plan would keep of the scored documents there are now, by domain; nothing is written. */
public final class DryRun {

    private final Plan plan;
    private final CutsTable cuts;
    private final DomainShares before = new DomainShares();
    private final List<DomainShares> after = new ArrayList<>();

    private DryRun(Plan plan, CutsTable cuts) {
        this.plan = plan;
        this.cuts = cuts;
        plan.getBands().forEach(band -> after.add(new DomainShares()));
    }

    /**
     * Ranks all scored documents by a frozen plan's own cuts, or the latest of a live plan's.
     *
     * @throws ProgramFailure if there are no cuts
     */
    public static DryRun of(Plan plan, KafkaCluster cluster) {
        Stratification stratification = Stratification.named(plan.getStratification());
        boolean frozen = plan.getCutMode() == CutMode.FROZEN;
        DryRun run = new DryRun(
                plan,
                new CutsTable(
                        stratification,
                        frozen
                                ? plan.getCuts()
                                : CutsArchive.of(cluster)
                                        .choose(plan.getScoredTopic(), plan.getModelRevision(), null)
                                        .strata()
                                        .values()));
        ScoreReader scores = new ScoreReader();
        DeadLetterPositions letters = cluster.settings().deadLetterPositions();
        cluster.read(plan.getScoredTopic(), record -> {
            if (scores.reads(record, letters) && scores.modelRevision().equals(plan.getModelRevision())) {
                run.add(scores);
            }
        });
        return run;
    }

    private void add(ScoreReader scores) {
        before.add(scores);
        double rank = cuts.stratumOf(scores).ranks().rank(scores.meanNll());
        for (int b = 0; b < after.size(); b++) {
            if (PlanBands.contains(plan.getBands().get(b), rank)) {
                after.get(b).add(scores);
            }
        }
    }

    /**
     * Refuses a plan that cuts a domain too far.
     *
     * @param most largest loss of a domain's share of the documents, in [0, 1]
     * @throws ProgramFailure if a band cuts a domain further
     */
    public void requireLossAtMost(double most) {
        for (int b = 0; b < after.size(); b++) {
            Map.Entry<String, Double> worst = DomainShares.worst(before, after.get(b));
            if (worst.getValue() > most) {
                throw new ProgramFailure(Summary.format(
                        "band '%s' of plan '%s' would cut the share of domain '%s' by %.1f %%, more than the %.1f %% of"
                                + " --max-domain-loss; nothing was written",
                        plan.getBands().get(b).getName(),
                        plan.getName(),
                        worst.getKey(),
                        100 * worst.getValue(),
                        100 * most));
            }
        }
    }

    /** Returns documents, tokens and bytes before and after, by band and domain. */
    public Summary summary() {
        ObjectNode json = Summary.object().put("plan", plan.getName()).put("dryRun", true);
        before.total().putInto(json);
        StringBuilder text = new StringBuilder(Summary.format(
                "plan %s would route %,d documents; nothing was written",
                plan.getName(), before.total().documents()));
        ArrayNode bands = json.putArray("bands");
        for (int b = 0; b < after.size(); b++) {
            String band = plan.getBands().get(b).getName();
            DomainShares kept = after.get(b);
            ObjectNode entry = bands.addObject().put("name", band);
            kept.total().putInto(entry);
            text.append(Summary.format("%n%n%s: %s", band, kept.total()));
            text.append(Summary.format(
                    "%n  %-24s %12s %12s %14s %14s %9s %9s %9s",
                    "domain", "documents", "kept", "tokens kept", "bytes kept", "before", "after", "change"));
            ObjectNode domains = entry.putObject("byDomain");
            before.domains().forEach(domain -> {
                double change = kept.share(domain) / before.share(domain) - 1;
                ObjectNode of = domains.putObject(domain);
                before.of(domain).putInto(of.putObject("before"));
                kept.of(domain).putInto(of.putObject("after"));
                of.put("shareBefore", before.share(domain)).put("shareAfter", kept.share(domain));
                of.put("shareChange", change);
                text.append(Summary.format(
                        "%n  %-24s %,12d %,12d %,14d %,14d %8.2f%% %8.2f%% %+8.1f%%",
                        domain,
                        before.of(domain).documents(),
                        kept.of(domain).documents(),
                        kept.of(domain).tokens(),
                        kept.of(domain).bytes(),
                        100 * before.share(domain),
                        100 * kept.share(domain),
                        100 * change));
            });
        }
        return new Summary(json, text.toString());
    }
}

package org.bandpass.selector.router;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsTable;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorJson;
import org.bandpass.selector.score.ScoreReader;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ProgramFailure;

/** What a plan would keep of the scored documents there are now, by domain; nothing is written. */
public final class DryRun {

    private final Plan plan;
    private final CutsTable cuts;
    private final DomainShares before = new DomainShares();
    private final List<DomainShares> after = new ArrayList<>();

    /**
     * Prepares a dry run.
     *
     * @param plan frozen, or live with cuts to judge it by now
     * @param cuts what documents are ranked by
     */
    DryRun(Plan plan, CutsTable cuts) {
        this.plan = plan;
        this.cuts = cuts;
        plan.getBands().forEach(band -> after.add(new DomainShares()));
    }

    /** Prepares a dry run with a frozen plan's own cuts, or the latest of a live plan's. */
    public static DryRun of(Plan plan, CutsArchive archive) {
        Stratification stratification = Stratification.named(plan.getStratification());
        return new DryRun(
                plan,
                plan.getCutMode() == CutMode.FROZEN
                        ? new CutsTable(stratification, plan.getCuts())
                        : new CutsTable(
                                stratification,
                                archive.choose(plan.getScoredTopic(), plan.getModelRevision(), null)
                                        .strata()
                                        .values()));
    }

    /** Reads the scored topic. */
    public DryRun read(KafkaCluster cluster) {
        ScoreReader scores = new ScoreReader();
        DeadLetterPositions letters = cluster.deadLetterPositions();
        cluster.read(plan.getScoredTopic(), record -> {
            if (scores.reads(record, letters) && scores.modelRevision().equals(plan.getModelRevision())) {
                add(scores);
            }
        });
        return this;
    }

    private void add(ScoreReader scores) {
        before.add(scores.domain(), scores.tokens(), scores.bytes());
        double rank = cuts.stratumOf(scores).ranks().rank(scores.meanNll());
        for (int b = 0; b < after.size(); b++) {
            if (PlanBands.contains(plan.getBands().get(b), rank)) {
                after.get(b).add(scores.domain(), scores.tokens(), scores.bytes());
            }
        }
    }

    /**
     * Refuses a plan that cuts a domain further than said.
     *
     * @param most largest loss of a domain's share of the documents, in [0, 1]
     * @throws ProgramFailure if a band cuts a domain further
     */
    public void requireLossAtMost(double most) {
        for (int b = 0; b < after.size(); b++) {
            Map.Entry<String, Double> worst = DomainShares.worst(before, after.get(b));
            if (worst.getValue() > most) {
                throw new ProgramFailure(String.format(
                        Locale.ROOT,
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

    public ObjectNode json() {
        ObjectNode node = SelectorJson.object().put("plan", plan.getName()).put("dryRun", true);
        node.put("documents", before.total().documents())
                .put("tokens", before.total().tokens())
                .put("bytes", before.total().bytes());
        ArrayNode bands = node.putArray("bands");
        for (int b = 0; b < after.size(); b++) {
            Band band = plan.getBands().get(b);
            DomainShares kept = after.get(b);
            ObjectNode entry = bands.addObject().put("name", band.getName());
            amount(entry, kept.total());
            ObjectNode domains = entry.putObject("byDomain");
            before.domains().forEach((domain, amount) -> {
                ObjectNode of = domains.putObject(domain);
                amount(of.putObject("before"), amount);
                amount(of.putObject("after"), kept.of(domain));
                of.put("shareBefore", before.share(domain)).put("shareAfter", kept.share(domain));
                of.put("shareChange", kept.share(domain) / before.share(domain) - 1);
            });
        }
        return node;
    }

    private static void amount(ObjectNode node, DomainShares.Amount amount) {
        node.put("documents", amount.documents()).put("tokens", amount.tokens()).put("bytes", amount.bytes());
    }

    public void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "plan %s would route %,d documents; nothing was written%n",
                plan.getName(),
                before.total().documents());
        for (int b = 0; b < after.size(); b++) {
            DomainShares kept = after.get(b);
            DomainShares.Amount total = kept.total();
            out.printf(
                    Locale.ROOT,
                    "%n%s: %,d documents, %,d tokens, %,d bytes%n",
                    plan.getBands().get(b).getName(),
                    total.documents(),
                    total.tokens(),
                    total.bytes());
            out.printf(
                    "  %-24s %12s %12s %14s %14s %9s %9s %9s%n",
                    "domain", "documents", "kept", "tokens kept", "bytes kept", "before", "after", "change");
            before.domains()
                    .forEach((domain, amount) -> out.printf(
                            Locale.ROOT,
                            "  %-24s %,12d %,12d %,14d %,14d %8.2f%% %8.2f%% %+8.1f%%%n",
                            domain,
                            amount.documents(),
                            kept.of(domain).documents(),
                            kept.of(domain).tokens(),
                            kept.of(domain).bytes(),
                            100 * before.share(domain),
                            100 * kept.share(domain),
                            100 * (kept.share(domain) / before.share(domain) - 1)));
        }
        out.flush();
    }
}

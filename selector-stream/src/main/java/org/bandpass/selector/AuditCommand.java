package org.bandpass.selector;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.audit.Audit;
import org.bandpass.selector.audit.BandAudit;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.router.PlanRouter;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorJson;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.ProgramFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks the bands of a plan against an exact sort of all scores. */
@Command(
        name = "audit",
        description = {
            "Checks the bands of a plan against an exact sort of all scores: nothing lost, nothing doubled, nothing farther"
                    + " from its cut than the cuts' rank error.",
            "A live plan is checked against the rank and cuts version that each record carries. Exit 1 when the check"
                    + " fails."
        })
public final class AuditCommand implements Callable<Integer> {

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(names = "--plan", required = true, paramLabel = "NAME", description = "The plan.")
    private String plan = "";

    @Option(names = "--json", description = "Print one JSON object for each band.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        SelectorSettings settings = SelectorSettings.of(options.settings(SelectorSettings.definition()));
        try (KafkaCluster cluster = KafkaCluster.open(settings)) {
            Plan stored = new PlanCatalog(settings, cluster).named(plan);
            Map<Integer, Long> positions =
                    cluster.committed(settings.topics().group(PlanRouter.program(stored)), stored.getScoredTopic());
            for (Band band : stored.getBands()) {
                String topic = settings.topics().band(plan, band.getName()).name();
                if (!cluster.exists(topic)) {
                    throw new ProgramFailure("there is no topic " + topic + ": run 'bandpass select --plan " + plan
                            + " --until-caught-up' before");
                }
            }
            List<BandAudit> audits = new Audit(settings, cluster, stored).run(positions);
            audits.forEach(this::print);
            spec.commandLine().getOut().flush();
            audits.forEach(audit -> audit.findings().forEach(System.err::println));
            return audits.stream().allMatch(BandAudit::passes) ? 0 : 1;
        }
    }

    private void print(BandAudit audit) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            SelectorJson.print(out, audit.json());
            return;
        }
        out.printf(
                Locale.ROOT,
                "%-12s %,d documents seen: %d lost, %d doubled, %d misplaced (%d share a score with a cut), at most"
                        + " %.6f from the cut where ranks may err by %.6f: %s%n",
                audit.band(),
                audit.documents(),
                audit.lost(),
                audit.doubled(),
                audit.misplaced(),
                audit.tieMass(),
                audit.maxDistance(),
                audit.rankErrorBound(),
                audit.passes() ? "passed" : "FAILED");
    }
}

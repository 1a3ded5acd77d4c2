package org.bandpass.selector;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.audit.Audit;
import org.bandpass.selector.audit.BandAudit;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.router.PlanRouter;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.service.ProgramFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks the bands of a plan against an exact sort of all scores. */
@Command(
        name = "audit",
        description = {
            "Checks the bands of a plan against an exact sort of all scores: no record is missing, none is there twice,"
                    + " and none is farther from its cut than the cuts' rank error.",
            "A live plan is checked against the rank and cuts version that each record carries. Exit 1 when the check"
                    + " fails."
        })
public final class AuditCommand implements Callable<Integer> {

    @Mixin
    private SelectorOptions options = new SelectorOptions();

    @Option(names = "--plan", required = true, paramLabel = "NAME", description = "The plan.")
    private String plan = "";

    @Override
    public Integer call() {
        try (KafkaCluster cluster = options.connect()) {
            Plan stored = new PlanCatalog(cluster).named(plan);
            Map<Integer, Long> positions =
                    cluster.committed(cluster.topics().group(PlanRouter.program(stored)), stored.getScoredTopic());
            for (Band band : stored.getBands()) {
                String topic = cluster.band(stored, band);
                if (!cluster.exists(topic)) {
                    throw new ProgramFailure("there is no topic " + topic + ": run 'bandpass select --plan " + plan
                            + " --until-caught-up' first");
                }
            }
            List<BandAudit> audits = Audit.of(stored, positions, cluster);
            audits.forEach(audit -> options.print(audit.summary()));
            audits.forEach(audit -> audit.findings().forEach(System.err::println));
            return audits.stream().allMatch(BandAudit::passes) ? 0 : 1;
        }
    }
}

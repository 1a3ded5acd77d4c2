package org.bandpass.selector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorJson;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.service.ClusterOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the versions of the cuts. */
@Command(name = "list", description = "Lists the versions of the cuts, and which plans carry them.")
final class CutsListCommand implements Callable<Integer> {

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        SelectorSettings settings = SelectorSettings.of(options.settings(SelectorSettings.definition()));
        try (KafkaCluster cluster = KafkaCluster.open(settings)) {
            List<Plan> plans =
                    List.copyOf(new PlanCatalog(settings, cluster).all().values());
            List<CutsVersion> versions =
                    List.copyOf(CutsArchive.of(cluster, settings).overview().values());
            PrintWriter out = spec.commandLine().getOut();
            if (versions.isEmpty()) {
                System.err.println("there are no cuts; 'bandpass calibrate' makes them");
            } else if (!json) {
                out.println("version  model             scores        strata  rank error  drift    published"
                        + "             plans");
            }
            versions.forEach(version -> print(version, plansOf(version, plans), out));
            out.flush();
            return 0;
        }
    }

    private static List<String> plansOf(CutsVersion version, List<Plan> plans) {
        return plans.stream()
                .filter(plan -> CutsVersion.isFrozenIn(version.id(), plan))
                .map(Plan::getName)
                .toList();
    }

    private void print(CutsVersion version, List<String> plans, PrintWriter out) {
        Cuts all = version.all();
        Instant published = Instant.ofEpochMilli(version.publishedAt());
        if (!json) {
            out.printf(
                    Locale.ROOT,
                    "%7d  %-16s  %,12d  %6d  %10.6f  %7s  %-20s  %s%n",
                    all.getVersion(),
                    all.getModelRevision(),
                    all.getCount(),
                    version.strata().size(),
                    all.getRankErrorBound(),
                    all.getDrift() == null ? "-" : String.format(Locale.ROOT, "%.4f", all.getDrift()),
                    published.truncatedTo(ChronoUnit.SECONDS),
                    String.join(", ", plans));
            return;
        }
        ObjectNode node = SelectorJson.object()
                .put("scoredTopic", all.getScoredTopic())
                .put("modelRevision", all.getModelRevision())
                .put("version", all.getVersion())
                .put("count", all.getCount())
                .put("strata", version.strata().size())
                .put("rankErrorBound", all.getRankErrorBound())
                .put("drift", all.getDrift())
                .put("publishedAt", published.toString());
        plans.forEach(node.putArray("plans")::add);
        SelectorJson.print(out, node);
    }
}

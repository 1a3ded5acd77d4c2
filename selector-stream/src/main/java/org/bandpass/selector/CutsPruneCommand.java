package org.bandpass.selector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.bandpass.selector.cuts.CutsRetention;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorJson;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.ConfigurationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Deletes versions of the cuts that nothing refers to. */
@Command(
        name = "prune",
        description = {
            "Deletes versions of the cuts that neither a plan nor a record of a band names.",
            "The latest versions stay, because routers of live plans may be using them."
        })
final class CutsPruneCommand implements Callable<Integer> {

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "Latest versions of each model that stay (default: the setting calibrator.cuts.keep).")
    private @Nullable Integer keep;

    @Option(names = "--dry-run", description = "Only say what would be deleted.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print one JSON object for each deleted version.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (keep != null && keep < 1) {
            throw new ConfigurationException("--keep must be 1 or more, not " + keep);
        }
        SelectorSettings settings = SelectorSettings.of(options.settings(SelectorSettings.definition()));
        try (KafkaCluster cluster = KafkaCluster.open(settings)) {
            int latest = keep == null ? settings.cutsKept() : keep;
            List<CutsVersion> unused = new CutsRetention(
                            settings,
                            cluster,
                            () -> new PlanCatalog(settings, cluster).everyOne().values())
                    .prune(latest, dryRun);
            PrintWriter out = spec.commandLine().getOut();
            unused.forEach(version -> print(version, out));
            out.flush();
            System.err.printf("%d versions %s%n", unused.size(), dryRun ? "would be deleted" : "deleted");
            return 0;
        }
    }

    private void print(CutsVersion version, PrintWriter out) {
        ObjectNode node = SelectorJson.object()
                .put("modelRevision", version.id().modelRevision())
                .put("version", version.id().version())
                .put("deleted", !dryRun);
        if (json) {
            SelectorJson.print(out, node);
        } else {
            out.printf(
                    "version %d of model revision %s%n",
                    version.id().version(), version.id().modelRevision());
        }
    }
}

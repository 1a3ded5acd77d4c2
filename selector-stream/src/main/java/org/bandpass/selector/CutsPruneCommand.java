package org.bandpass.selector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.ConfigurationException;
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
            defaultValue = "10",
            description = "Latest versions of each model that stay (default: ${DEFAULT-VALUE}).")
    private int keep = 10;

    @Option(names = "--dry-run", description = "Only say what would be deleted.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print one JSON object for each deleted version.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (keep < 1) {
            throw new ConfigurationException("--keep must be 1 or more, not " + keep);
        }
        SelectorSettings settings = SelectorSettings.of(options.settings(SelectorSettings.definition()));
        try (Cluster cluster = Cluster.open(settings)) {
            List<CutsVersion> unused = new UnusedCuts(settings, cluster).list(keep);
            if (!dryRun && !unused.isEmpty()) {
                delete(settings, unused);
            }
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

    private static void delete(SelectorSettings settings, List<CutsVersion> versions) {
        try (Producer<byte[], byte[]> producer = Clients.transactional(
                settings.client(), settings.topics(), settings.topics().group("cuts-prune"))) {
            producer.initTransactions();
            for (CutsVersion version : versions) {
                producer.beginTransaction();
                for (Cuts cuts : version.strata().values()) {
                    producer.send(new ProducerRecord<>(
                            settings.topics().cuts().name(), HeaderNames.bytes(CutsArchive.key(cuts)), null));
                }
                Clients.commit(producer);
            }
        }
    }
}

package org.bandpass.selector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.bandpass.schemas.Cuts;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorJson;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.service.ClusterOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares two versions of the cuts. */
@Command(
        name = "diff",
        description = {
            "Compares two versions of the cuts, stratum by stratum.",
            "The distance is that of Kolmogorov and Smirnov: the largest difference of ranks that a score has in the two."
        })
final class CutsDiffCommand implements Callable<Integer> {

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(names = "--from", required = true, paramLabel = "V", description = "The one version.")
    private int from;

    @Option(names = "--to", paramLabel = "V", description = "The other version (default: the latest).")
    private @Nullable Integer to;

    @Option(
            names = "--model-revision",
            paramLabel = "REVISION",
            description = "Whose scores; needed where several models have scored.")
    private @Nullable String modelRevision;

    @Option(names = "--json", description = "Print one JSON object for each stratum.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        SelectorSettings settings = SelectorSettings.of(options.settings(SelectorSettings.definition()));
        try (KafkaCluster cluster = KafkaCluster.open(settings)) {
            CutsArchive archive = CutsArchive.of(cluster, settings);
            String topic = settings.scoredTopic().name();
            CutsVersion one = archive.choose(topic, modelRevision, from);
            CutsVersion other = archive.choose(topic, modelRevision, to);
            TreeSet<String> strata = new TreeSet<>(one.strata().keySet());
            strata.addAll(other.strata().keySet());
            PrintWriter out = spec.commandLine().getOut();
            for (String stratum : strata) {
                print(stratum, one.strata().get(stratum), other.strata().get(stratum), out);
            }
            out.flush();
            return 0;
        }
    }

    private void print(String stratum, @Nullable Cuts one, @Nullable Cuts other, PrintWriter out) {
        ObjectNode node = SelectorJson.object().put("stratum", stratum);
        node.put("countFrom", one == null ? null : one.getCount());
        node.put("countTo", other == null ? null : other.getCount());
        if (one == null || other == null) {
            node.putNull("distance");
            show(node, out, one == null ? "only in the other" : "only in the one");
            return;
        }
        RankTable before = RankTable.of(one.getDigest());
        RankTable after = RankTable.of(other.getDigest());
        double distance = before.distance(after);
        node.put("distance", distance);
        ObjectNode shifts = node.putObject("shifts");
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "distance %.4f", distance));
        for (double rank : CalibrateCommand.ranks()) {
            double shift = after.quantile(rank) - before.quantile(rank);
            shifts.put(Double.toString(rank), shift);
            line.append(String.format(Locale.ROOT, "  %.3f: %+.4f", rank, shift));
        }
        show(node, out, line.toString());
    }

    private void show(ObjectNode node, PrintWriter out, String line) {
        if (json) {
            SelectorJson.print(out, node);
        } else {
            out.printf(Locale.ROOT, "%-28s %s%n", node.get("stratum").asText(), line);
        }
    }
}

package org.bandpass.selector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
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

/** Shows one version of the cuts: quantiles of each stratum. */
@Command(
        name = "show",
        description = "Shows one version of the cuts: quantiles of mean NLL, nats per token, by stratum.")
final class CutsShowCommand implements Callable<Integer> {

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(names = "--cuts-version", paramLabel = "V", description = "Which version (default: the latest).")
    private @Nullable Integer version;

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
            CutsVersion cuts = CutsArchive.of(cluster, settings)
                    .choose(settings.scoredTopic().name(), modelRevision, version);
            PrintWriter out = spec.commandLine().getOut();
            if (!json) {
                out.printf(
                        "version %d of model revision %s%n",
                        cuts.id().version(), cuts.id().modelRevision());
            }
            cuts.strata().values().forEach(each -> print(each, out));
            out.flush();
            return 0;
        }
    }

    private void print(Cuts cuts, PrintWriter out) {
        RankTable table = RankTable.of(cuts.getDigest());
        ObjectNode node = SelectorJson.object()
                .put("version", cuts.getVersion())
                .put("modelRevision", cuts.getModelRevision())
                .put("stratum", cuts.getStratum())
                .put("count", cuts.getCount())
                .put("rankErrorBound", cuts.getRankErrorBound());
        ObjectNode quantiles = node.putObject("quantiles");
        StringBuilder line = new StringBuilder();
        for (double rank : CalibrateCommand.ranks()) {
            quantiles.put(Double.toString(rank), table.quantile(rank));
            line.append(String.format(Locale.ROOT, "  %.3f: %.4f", rank, table.quantile(rank)));
        }
        if (json) {
            SelectorJson.print(out, node);
        } else {
            out.printf(Locale.ROOT, "%-28s %,12d scores%s%n", cuts.getStratum(), cuts.getCount(), line);
        }
    }
}

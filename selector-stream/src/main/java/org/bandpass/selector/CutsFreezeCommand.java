package org.bandpass.selector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.plan.PlanDraft;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorJson;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ClusterOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a plan that carries a copy of one version of the cuts. */
@Command(
        name = "freeze",
        description =
                "Makes a plan that carries a copy of one version of the cuts; its bands can be made again at any time.")
final class CutsFreezeCommand implements Callable<Integer> {

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(names = "--plan", required = true, paramLabel = "NAME", description = "Name of the new plan.")
    private String plan = "";

    @Mixin
    private PlanOptions wanted = new PlanOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PlanDraft draft = wanted.draft(plan, null, "");
        SelectorSettings settings = SelectorSettings.of(options.settings(SelectorSettings.definition()));
        try (KafkaCluster cluster = KafkaCluster.open(settings)) {
            PlanCatalog catalog = new PlanCatalog(settings, cluster);
            Plan frozen = catalog.make(draft);
            catalog.store(frozen);
            print(frozen, spec.commandLine().getOut());
            return 0;
        }
    }

    private void print(Plan frozen, PrintWriter out) {
        Cuts all = frozen.getCuts().stream()
                .filter(cuts -> cuts.getStratum().equals(Stratification.ALL_SCORES))
                .findFirst()
                .orElseThrow();
        RankTable table = RankTable.of(all.getDigest());
        if (json) {
            SelectorJson.print(out, summary(frozen, all, table));
            return;
        }
        out.printf(
                Locale.ROOT,
                "plan %s: cuts version %d of %,d scores, by %s%n",
                frozen.getName(),
                all.getVersion(),
                all.getCount(),
                frozen.getStratification());
        for (Band band : frozen.getBands()) {
            out.printf(
                    Locale.ROOT,
                    "  %-10s ranks %.3f to %.3f  %.4f to %.4f nats per token%n",
                    band.getName(),
                    band.getFrom(),
                    band.getTo(),
                    table.quantile(band.getFrom()),
                    table.quantile(band.getTo()));
        }
        out.flush();
    }

    private static ObjectNode summary(Plan frozen, Cuts all, RankTable table) {
        ObjectNode node = SelectorJson.object()
                .put("plan", frozen.getName())
                .put("version", frozen.getCutsVersion())
                .put("count", all.getCount())
                .put("rankErrorBound", all.getRankErrorBound());
        ArrayNode list = node.putArray("bands");
        for (Band band : frozen.getBands()) {
            list.addObject()
                    .put("name", band.getName())
                    .put("from", band.getFrom())
                    .put("to", band.getTo())
                    .put("nllFrom", table.quantile(band.getFrom()))
                    .put("nllTo", table.quantile(band.getTo()));
        }
        return node;
    }
}

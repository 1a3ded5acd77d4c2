package org.bandpass.selector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a plan that carries a copy of one version of the cuts. */
@Command(
        name = "freeze",
        description =
                "Makes a plan that carries a copy of one version of the cuts; its bands can be made again at any time.")
final class CutsFreezeCommand implements Callable<Integer> {

    @Mixin
    private ProgramOptions options = new ProgramOptions();

    @Option(names = "--plan", required = true, paramLabel = "NAME", description = "Name of the new plan.")
    private String plan = "";

    @Option(
            names = "--bands",
            paramLabel = "BAND",
            split = ",",
            defaultValue = "low,medium,high",
            description = "Bands of the plan: low, medium, high (default: ${DEFAULT-VALUE}).")
    private List<String> bands = new ArrayList<>();

    @Option(
            names = "--rate",
            defaultValue = "0.5",
            description =
                    "Share of the documents that each band keeps, above 0 and at most 1 (default: ${DEFAULT-VALUE}).")
    private double rate = 0.5;

    @Option(
            names = "--stratification",
            defaultValue = "all",
            paramLabel = "NAME",
            description =
                    "Population that ranks refer to: all, domain, source or language (default: ${DEFAULT-VALUE}).")
    private String stratification = Stratification.ALL_SCORES;

    @Option(
            names = "--version",
            paramLabel = "V",
            description = "Version of the cuts (default: the latest, see 'bandpass cuts list').")
    private @Nullable Integer version;

    @Option(
            names = "--model-revision",
            paramLabel = "REVISION",
            description = "Whose scores are ranked; needed where several models have scored.")
    private @Nullable String modelRevision;

    @Option(names = "--allow-partial", description = "Freeze cuts that account for less than the scored topic holds.")
    private boolean partial;

    @Option(
            names = "--origin",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Why the plan is made, for people.")
    private String origin = "";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PlanDraft draft = draft();
        SelectorSettings settings = SelectorSettings.of(options.settings(SelectorSettings.definition()));
        try (Stop stop = Stop.onSignal(CalibrateCommand.STOP_DEADLINE);
                Cluster cluster = Cluster.open(settings)) {
            PlanCatalog catalog = new PlanCatalog(settings, cluster);
            Plan frozen = catalog.make(draft, stop);
            catalog.store(frozen);
            print(frozen, spec.commandLine().getOut());
            return 0;
        }
    }

    private PlanDraft draft() {
        if (!(rate > 0 && rate <= 1)) {
            throw new ConfigurationException("--rate must be above 0 and at most 1, not " + rate);
        }
        try {
            List<Band> intervals =
                    bands.stream().map(band -> PlanBands.named(band, rate)).toList();
            return PlanDraft.frozen(plan, intervals, origin)
                    .by(Stratification.named(stratification))
                    .of(modelRevision, version, partial);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
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

package org.bandpass.selector;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Plan;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes bands anew under a new plan, from the beginning of the scored topic. */
@Command(
        name = "replay",
        description = {
            "Makes bands anew under a new plan name, from the beginning of the scored topic; nothing is scored again.",
            "The cuts are those of another plan (--cuts-of), of a version (--cuts-version), or the latest.",
            "Runs until it is stopped, or with --until-caught-up until it has routed all that the scored topic holds now."
        })
public final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private ProgramOptions options = new ProgramOptions();

    @Option(
            names = "--plan",
            required = true,
            paramLabel = "NAME|FILE",
            description = "Name of the new plan, or a plan file in YAML.")
    private String plan = "";

    @Option(
            names = "--bands",
            paramLabel = "BAND",
            split = ",",
            description = "Bands: low, medium, high, or NAME=FROM:TO (default: those of the plan in --cuts-of).")
    private List<String> bands = new ArrayList<>();

    @Option(
            names = "--rate",
            defaultValue = "0.5",
            description = "Share of the documents that low, medium and high keep (default: ${DEFAULT-VALUE}).")
    private double rate = 0.5;

    @Option(
            names = {"--cuts-of", "--from"},
            paramLabel = "PLAN",
            description = "Take the frozen cuts of this plan.")
    private @Nullable String cutsOf;

    @Option(names = "--cuts-version", paramLabel = "V", description = "Take this version of the cuts.")
    private @Nullable Integer version;

    @Option(
            names = "--stratification",
            paramLabel = "NAME",
            description = "Population that ranks refer to: all, domain, source or language (default: that of --cuts-of,"
                    + " or all).")
    private @Nullable String stratification;

    @Option(
            names = "--model-revision",
            paramLabel = "REVISION",
            description = "Whose scores are ranked; needed where several models have scored.")
    private @Nullable String modelRevision;

    @Option(names = "--allow-partial", description = "Take cuts that account for less than the scored topic holds.")
    private boolean partial;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = CalibrateCommand.DEFAULT_STATE,
            description = "Folder of local state; each application has a folder in it (default: ${DEFAULT-VALUE}).")
    private Path stateFolder = Path.of(CalibrateCommand.DEFAULT_STATE);

    @Option(names = "--until-caught-up", description = "End when all that the scored topic holds now is routed.")
    private boolean untilCaughtUp;

    @Option(names = "--json", description = "Print one JSON object at the end.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        check();
        SelectorSettings settings = SelectorSettings.of(options.settings(SelectorSettings.definition()));
        try (Telemetry telemetry = options.telemetry(Router.PROGRAM);
                Stop stop = Stop.onSignal(CalibrateCommand.STOP_DEADLINE);
                Cluster cluster = Cluster.open(settings)) {
            PlanCatalog catalog = new PlanCatalog(settings, cluster);
            Plan origin = cutsOf == null ? null : catalog.named(cutsOf);
            Plan made = origin == null ? catalog.make(draft(null), stop) : catalog.make(draft(origin), origin);
            catalog.store(made);
            Routing routing = new Routing(settings, cluster, stateFolder, telemetry, stop);
            (untilCaughtUp ? routing.catchUp(List.of(made)) : routing.follow(List.of(made)))
                    .forEach(result ->
                            routing.print(result, json, spec.commandLine().getOut()));
            return 0;
        }
    }

    private PlanDraft draft(@Nullable Plan origin) {
        if (PlanChoice.isFile(plan)) {
            return PlanFile.read(Path.of(plan));
        }
        String why = origin == null ? "replay" : "replay with the cuts of " + origin.getName();
        String population = origin == null ? Stratification.ALL_SCORES : origin.getStratification();
        try {
            return PlanDraft.frozen(plan, intervals(origin), why)
                    .by(Stratification.named(stratification == null ? population : stratification))
                    .of(modelRevision, version, partial);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private List<Band> intervals(@Nullable Plan origin) {
        if (!bands.isEmpty()) {
            return bands.stream().map(this::interval).toList();
        }
        if (origin != null) {
            return origin.getBands();
        }
        Band band = PlanBands.ofShorthand(plan);
        if (band == null) {
            throw new ParameterException(
                    spec.commandLine(), "which bands? Name them with --bands, for example low,high");
        }
        return List.of(band);
    }

    private Band interval(String said) {
        int equals = said.indexOf('=');
        int colon = said.indexOf(':', equals);
        if (equals < 0) {
            return PlanBands.named(said, rate);
        }
        try {
            return new Band(
                    said.substring(0, equals),
                    Double.parseDouble(said.substring(equals + 1, colon)),
                    Double.parseDouble(said.substring(colon + 1)));
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("band '" + said + "' is not NAME=FROM:TO with two numbers", e);
        }
    }

    private void check() {
        if (cutsOf != null && (version != null || modelRevision != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--cuts-of names the cuts; --cuts-version and --model-revision do so too");
        }
        if (!(rate > 0 && rate <= 1)) {
            throw new ConfigurationException("--rate must be above 0 and at most 1, not " + rate);
        }
    }
}

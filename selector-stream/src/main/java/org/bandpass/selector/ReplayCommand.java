package org.bandpass.selector;

import java.nio.file.Path;
import java.util.List;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.plan.PlanChoice;
import org.bandpass.selector.plan.PlanDraft;
import org.bandpass.selector.plan.PlanFile;
import org.bandpass.selector.router.PlanRouter;
import org.bandpass.selector.router.RouterProgram;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Fills bands again under a new plan, from the beginning of the scored topic. */
@Command(
        name = "replay",
        description = {
            "Fills bands again under a new plan name, from the beginning of the scored topic, without scoring again.",
            "The cuts are those of another plan (--cuts-of), of a version (--cuts-version), or the latest.",
            "Runs until it is stopped, or with --until-caught-up until it has routed all that the scored topic holds"
                    + " now."
        })
public final class ReplayCommand implements Runnable {

    @Mixin
    private StreamsOptions options = new StreamsOptions();

    @Option(
            names = "--plan",
            required = true,
            paramLabel = "NAME|FILE",
            description = "Name of the new plan, or a plan file in YAML, which replaces --bands and the like.")
    private String plan = "";

    @Option(names = "--cuts-of", paramLabel = "PLAN", description = "Use the frozen cuts of this plan.")
    private @Nullable String cutsOf;

    @Mixin
    private PlanOptions description = new PlanOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        if (cutsOf != null && description.choosesCuts()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--cuts-of names the cuts; --cuts-version, --model-revision and --allow-partial cannot be combined"
                            + " with it");
        }
        options.run(PlanRouter.PROGRAM, this::replay);
    }

    private void replay(KafkaCluster cluster, Telemetry telemetry, Stop stop) {
        PlanCatalog catalog = new PlanCatalog(cluster);
        Plan origin = cutsOf == null ? null : catalog.named(cutsOf);
        PlanDraft draft = draft(origin);
        Plan made = origin == null ? catalog.make(draft) : catalog.make(draft, origin);
        catalog.store(made);
        new RouterProgram(cluster, options.stateFolder(), telemetry, stop)
                .run(List.of(made), options.untilCaughtUp())
                .forEach(options::print);
    }

    private PlanDraft draft(@Nullable Plan origin) {
        if (!PlanChoice.isFile(plan)) {
            String why = origin == null ? "replay" : "replay with the cuts of " + origin.getName();
            return description.draft(plan, origin, why);
        }
        if (description.isGiven()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "a plan file describes the whole plan; --bands, --cuts-version and the like cannot be added");
        }
        return PlanFile.read(Path.of(plan));
    }
}

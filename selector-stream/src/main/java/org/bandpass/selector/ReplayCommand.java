package org.bandpass.selector;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.plan.PlanChoice;
import org.bandpass.selector.plan.PlanDraft;
import org.bandpass.selector.plan.PlanFile;
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

/** Makes bands again under a new plan, from the beginning of the scored topic. */
@Command(
        name = "replay",
        description = {
            "Makes bands again under a new plan name, from the beginning of the scored topic; nothing is scored again.",
            "The cuts are those of another plan (--cuts-of), of a version (--cuts-version), or the latest.",
            "Runs until it is stopped, or with --until-caught-up until it has routed all that the scored topic holds"
                    + " now."
        })
public final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private RouterOptions options = new RouterOptions();

    @Option(
            names = "--plan",
            required = true,
            paramLabel = "NAME|FILE",
            description = "Name of the new plan, or a plan file in YAML, which says all that --bands and the like do.")
    private String plan = "";

    @Option(names = "--cuts-of", paramLabel = "PLAN", description = "Take the frozen cuts of this plan.")
    private @Nullable String cutsOf;

    @Mixin
    private PlanOptions wanted = new PlanOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (cutsOf != null && wanted.choosesCuts()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--cuts-of names the cuts, so --cuts-version, --model-revision and --allow-partial have no place");
        }
        options.run(this::replay);
        return 0;
    }

    private void replay(KafkaCluster cluster, Telemetry telemetry, Stop stop) {
        PlanCatalog catalog = new PlanCatalog(cluster);
        Plan origin = cutsOf == null ? null : catalog.named(cutsOf);
        PlanDraft draft = draft(origin);
        Plan made = origin == null ? catalog.make(draft) : catalog.make(draft, origin);
        catalog.store(made);
        options.route(List.of(made), cluster, telemetry, stop);
    }

    private PlanDraft draft(@Nullable Plan origin) {
        if (PlanChoice.isFile(plan)) {
            if (wanted.isGiven()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "the plan file says it all; --bands, --cuts-version and the like have no place");
            }
            return PlanFile.read(Path.of(plan));
        }
        return wanted.draft(plan, origin, origin == null ? "replay" : "replay with the cuts of " + origin.getName());
    }
}

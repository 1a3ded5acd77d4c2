package org.bandpass.selector;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.plan.PlanChoice;
import org.bandpass.selector.plan.PlanDraft;
import org.bandpass.selector.router.DryRun;
import org.bandpass.selector.router.PlanRouter;
import org.bandpass.selector.router.RouterProgram;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Routes scored documents to the bands of plans. */
@Command(
        name = "select",
        description = {
            "Routes scored documents to the bands of one or more plans.",
            "Runs until it is stopped, or with --until-caught-up until it has routed all that the scored topic holds"
                    + " now."
        })
public final class SelectCommand implements Runnable {

    @Mixin
    private StreamsOptions options = new StreamsOptions();

    @Option(
            names = "--plan",
            required = true,
            paramLabel = "NAME|FILE",
            description = {
                "A stored plan, a shorthand (low-25, medium-50, high-50 …) or a plan file in YAML;"
                        + " several --plan route at once.",
                "A shorthand and a file are stored on first use, with the latest cuts."
            })
    private List<String> plans = new ArrayList<>();

    @Option(
            names = "--dry-run",
            description = "Write nothing; print by domain what would be kept: documents, tokens and bytes.")
    private boolean dryRun;

    @Option(
            names = "--max-domain-loss",
            paramLabel = "SHARE",
            description = "Refuse a plan that reduces a domain's share of the documents by more than this, 0 to 1.")
    private @Nullable Double maxDomainLoss;

    @Option(names = "--live", description = "First use of a shorthand: rank by the latest cuts, also later ones.")
    private boolean live;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "With --live: how many scores the cuts must have before routing starts (default: 10000).")
    private @Nullable Long warmUp;

    @Option(
            names = "--model-revision",
            paramLabel = "REVISION",
            description = "First use of a shorthand: whose scores are ranked; needed where several models have scored.")
    private @Nullable String modelRevision;

    @Option(
            names = "--mix-revisions",
            description = "First use of a shorthand: allow cuts over scores that were made in different ways (dtype,"
                    + " max.windows, context token).")
    private boolean mixed;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        check();
        options.run(PlanRouter.PROGRAM, this::select);
    }

    private void select(KafkaCluster cluster, Telemetry telemetry, Stop stop) {
        PlanCatalog catalog = new PlanCatalog(cluster);
        Long liveWarmUp = live && warmUp == null ? Long.valueOf(PlanDraft.DEFAULT_WARM_UP) : warmUp;
        boolean mayWait = !dryRun && !options.untilCaughtUp();
        PlanChoice choice = new PlanChoice(catalog, liveWarmUp, modelRevision, mixed, mayWait);
        List<Plan> chosen =
                plans.stream().distinct().map(given -> choice.find(given, stop)).toList();
        if (dryRun || maxDomainLoss != null) {
            chosen.forEach(plan -> rehearse(plan, cluster));
        }
        if (!dryRun) {
            chosen.forEach(catalog::store);
            new RouterProgram(cluster, options.stateFolder(), telemetry, stop)
                    .run(chosen, options.untilCaughtUp())
                    .forEach(options::print);
        }
    }

    private void rehearse(Plan plan, KafkaCluster cluster) {
        DryRun rehearsal = new DryRun(plan, cluster);
        if (dryRun) {
            options.print(rehearsal.summary());
        }
        if (maxDomainLoss != null) {
            rehearsal.requireLossAtMost(maxDomainLoss);
        }
    }

    private void check() {
        if ((live || modelRevision != null) && plans.stream().anyMatch(PlanChoice::isFile)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--live and --model-revision are for shorthands; a plan file has fields cutMode and modelRevision");
        }
        if (warmUp != null) {
            checkWarmUp(warmUp);
        }
        if (maxDomainLoss != null && !(maxDomainLoss >= 0 && maxDomainLoss <= 1)) {
            throw new ConfigurationException("--max-domain-loss must be 0 to 1, not " + maxDomainLoss);
        }
    }

    private void checkWarmUp(long scores) {
        if (!live) {
            throw new ParameterException(spec.commandLine(), "--warm-up needs --live; a plan file has a field warmUp");
        }
        if (scores < 1) {
            throw new ConfigurationException("--warm-up must be 1 or more, not " + scores);
        }
    }
}

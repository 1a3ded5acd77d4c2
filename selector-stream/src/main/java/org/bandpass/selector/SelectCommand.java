package org.bandpass.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.plan.PlanChoice;
import org.bandpass.selector.plan.PlanDraft;
import org.bandpass.selector.router.DryRun;
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
public final class SelectCommand implements Callable<Integer> {

    @Mixin
    private RouterOptions options = new RouterOptions();

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
            description =
                    "Write nothing; print what would be kept by domain: documents, tokens, bytes, before and after.")
    private boolean dryRun;

    @Option(
            names = "--max-domain-loss",
            paramLabel = "SHARE",
            description = "Refuse a plan in which a domain's share of the documents falls by more than this, 0 to 1.")
    private @Nullable Double maxDomainLoss;

    @Option(names = "--live", description = "A shorthand's first use: rank by the latest cuts as they come.")
    private boolean live;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "With --live: scores that the cuts must count before routing begins (default: 10000).")
    private @Nullable Long warmUp;

    @Option(
            names = "--model-revision",
            paramLabel = "REVISION",
            description = "A shorthand's first use: whose scores are ranked; needed where several models have scored.")
    private @Nullable String modelRevision;

    @Option(
            names = "--mix-revisions",
            description = "A shorthand's first use: take cuts over scores that were made in different ways (dtype,"
                    + " max.windows, context token).")
    private boolean mixed;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        check();
        options.run(this::select);
        return 0;
    }

    private void select(KafkaCluster cluster, Telemetry telemetry, Stop stop) {
        PlanCatalog catalog = new PlanCatalog(cluster);
        PlanChoice choice =
                new PlanChoice(catalog, liveWarmUp(), modelRevision, mixed, !dryRun && !options.untilCaughtUp());
        List<Plan> chosen =
                plans.stream().distinct().map(given -> choice.find(given, stop)).toList();
        if (dryRun || maxDomainLoss != null) {
            chosen.forEach(plan -> rehearse(plan, cluster));
        }
        if (!dryRun) {
            chosen.forEach(catalog::store);
            options.route(chosen, cluster, telemetry, stop);
        }
    }

    private void rehearse(Plan plan, KafkaCluster cluster) {
        DryRun rehearsal = DryRun.of(plan, cluster);
        if (dryRun) {
            rehearsal.summary().print(options.out(), options.json());
        }
        if (maxDomainLoss != null) {
            rehearsal.requireLossAtMost(maxDomainLoss);
        }
    }

    private @Nullable Long liveWarmUp() {
        if (!live) {
            return null;
        }
        return warmUp == null ? Long.valueOf(PlanDraft.DEFAULT_WARM_UP) : warmUp;
    }

    private void check() {
        requireShorthands();
        if (warmUp != null && !live) {
            throw new ParameterException(
                    spec.commandLine(), "--warm-up goes with --live; a plan file has a field warmUp");
        }
        if (maxDomainLoss != null && !(maxDomainLoss >= 0 && maxDomainLoss <= 1)) {
            throw new ConfigurationException("--max-domain-loss must lie in 0 to 1, not " + maxDomainLoss);
        }
        if (warmUp != null && warmUp < 1) {
            throw new ConfigurationException("--warm-up must be 1 or more, not " + warmUp);
        }
    }

    private void requireShorthands() {
        if ((live || modelRevision != null) && plans.stream().anyMatch(PlanChoice::isFile)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--live and --model-revision are for shorthands; a plan file has fields cutMode and modelRevision");
        }
    }
}

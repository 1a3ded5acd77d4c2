package org.bandpass.selector;

import java.util.List;
import java.util.TreeSet;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsRetention;
import org.bandpass.selector.cuts.CutsSummary;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.plan.PlanDraft;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.service.ConfigurationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows and keeps the cuts: list, show, freeze, diff, prune. */
@Command(
        name = "cuts",
        description = "Shows the versions of the cuts, freezes one into a plan, compares and deletes them.")
public final class CutsCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what about the cuts? list, show, freeze, diff or prune");
    }

    @Command(name = "list", description = "Lists the versions of the cuts, and which plans carry them.")
    int list(
            @Mixin SelectorOptions options,
            @Option(names = "--json", description = "Print one JSON object a line.") boolean json) {
        try (KafkaCluster cluster = options.connect()) {
            List<Plan> plans = List.copyOf(new PlanCatalog(cluster).all().values());
            List<CutsVersion> versions =
                    List.copyOf(CutsArchive.of(cluster).overview().values());
            if (versions.isEmpty()) {
                System.err.println("there are no cuts; 'bandpass calibrate' makes them");
            } else if (!json) {
                options.out().println(CutsSummary.HEADER);
            }
            for (CutsVersion version : versions) {
                List<String> carriers = plans.stream()
                        .filter(plan -> CutsVersion.isFrozenIn(version.id(), plan))
                        .map(Plan::getName)
                        .toList();
                CutsSummary.listed(version, carriers).print(options.out(), json);
            }
            return 0;
        }
    }

    @Command(
            name = "show",
            description = "Shows one version of the cuts: quantiles of mean NLL, nats per token, by stratum.")
    int show(
            @Mixin SelectorOptions options,
            @Option(names = "--cuts-version", paramLabel = "V", description = "Which version (default: the latest).")
                    @Nullable
                    Integer version,
            @Option(
                            names = "--model-revision",
                            paramLabel = "REVISION",
                            description = "Whose scores; needed where several models have scored.")
                    @Nullable
                    String modelRevision,
            @Option(names = "--json", description = "Print one JSON object for each stratum.") boolean json) {
        try (KafkaCluster cluster = options.connect()) {
            String topic = cluster.settings().scoredTopic().name();
            CutsVersion cuts = CutsArchive.of(cluster).choose(topic, modelRevision, version);
            if (!json) {
                options.out().println(CutsSummary.title(cuts));
            }
            cuts.strata().values().forEach(each -> CutsSummary.shown(each).print(options.out(), json));
            return 0;
        }
    }

    @Command(
            name = "freeze",
            description =
                    "Makes a plan that carries a copy of one version of the cuts; its bands can be made again at any time.")
    int freeze(
            @Mixin SelectorOptions options,
            @Option(names = "--plan", required = true, paramLabel = "NAME", description = "Name of the new plan.")
                    String plan,
            @Mixin PlanOptions wanted,
            @Option(names = "--json", description = "Print one JSON object.") boolean json) {
        PlanDraft draft = wanted.draft(plan, null, "");
        try (KafkaCluster cluster = options.connect()) {
            PlanCatalog catalog = new PlanCatalog(cluster);
            Plan frozen = catalog.make(draft);
            catalog.store(frozen);
            CutsSummary.frozen(frozen).print(options.out(), json);
            return 0;
        }
    }

    @Command(
            name = "diff",
            description = {
                "Compares two versions of the cuts, stratum by stratum.",
                "The distance is that of Kolmogorov and Smirnov: the largest difference of ranks that a score has in the"
                        + " two."
            })
    int diff(
            @Mixin SelectorOptions options,
            @Option(names = "--from", required = true, paramLabel = "V", description = "The one version.") int from,
            @Option(names = "--to", paramLabel = "V", description = "The other version (default: the latest).")
                    @Nullable
                    Integer to,
            @Option(
                            names = "--model-revision",
                            paramLabel = "REVISION",
                            description = "Whose scores; needed where several models have scored.")
                    @Nullable
                    String modelRevision,
            @Option(names = "--json", description = "Print one JSON object for each stratum.") boolean json) {
        try (KafkaCluster cluster = options.connect()) {
            CutsArchive archive = CutsArchive.of(cluster);
            String topic = cluster.settings().scoredTopic().name();
            CutsVersion one = archive.choose(topic, modelRevision, from);
            CutsVersion other = archive.choose(topic, modelRevision, to);
            TreeSet<String> strata = new TreeSet<>(one.strata().keySet());
            strata.addAll(other.strata().keySet());
            for (String stratum : strata) {
                CutsSummary.compared(
                                stratum,
                                one.strata().get(stratum),
                                other.strata().get(stratum))
                        .print(options.out(), json);
            }
            return 0;
        }
    }

    @Command(
            name = "prune",
            description = {
                "Deletes versions of the cuts that neither a plan nor a record of a band names.",
                "The latest versions stay, because routers of live plans may be using them."
            })
    int prune(
            @Mixin SelectorOptions options,
            @Option(
                            names = "--keep",
                            paramLabel = "N",
                            description =
                                    "Latest versions of each model that stay (default: the setting calibrator.cuts.keep).")
                    @Nullable
                    Integer keep,
            @Option(names = "--dry-run", description = "Only say what would be deleted.") boolean dryRun,
            @Option(names = "--json", description = "Print one JSON object for each deleted version.") boolean json) {
        if (keep != null && keep < 1) {
            throw new ConfigurationException("--keep must be 1 or more, not " + keep);
        }
        try (KafkaCluster cluster = options.connect()) {
            int latest = keep == null ? cluster.settings().cutsKept() : keep;
            List<CutsVersion> unused =
                    new CutsRetention(cluster, new PlanCatalog(cluster)::everyOne).prune(latest, dryRun);
            unused.forEach(version -> CutsSummary.pruned(version, !dryRun).print(options.out(), json));
            System.err.printf("%d versions %s%n", unused.size(), dryRun ? "would be deleted" : "deleted");
            return 0;
        }
    }
}

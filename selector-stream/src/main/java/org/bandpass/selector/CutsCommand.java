package org.bandpass.selector;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsSummary;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.plan.CutsRetention;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.plan.PlanDraft;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.service.ConfigurationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows, freezes, compares and deletes versions of the cuts. */
@Command(
        name = "cuts",
        description = "Shows the versions of the cuts, freezes one into a plan, compares and deletes them.")
public final class CutsCommand {

    @Command(name = "list", description = "Lists the versions of the cuts, and which plans carry them.")
    void list(@Mixin SelectorOptions options) {
        try (KafkaCluster cluster = options.connect()) {
            Collection<Plan> plans = new PlanCatalog(cluster).all().values();
            Collection<CutsVersion> versions =
                    CutsArchive.of(cluster).overview().values();
            if (versions.isEmpty()) {
                System.err.println("there are no cuts; 'bandpass calibrate' makes them");
            } else {
                options.heading(CutsSummary.HEADER);
            }
            for (CutsVersion version : versions) {
                List<String> carriers = plans.stream()
                        .filter(plan -> version.id().isFrozenIn(plan))
                        .map(Plan::getName)
                        .toList();
                options.print(CutsSummary.listed(version, carriers));
            }
        }
    }

    @Command(
            name = "show",
            description = "Shows one version of the cuts: quantiles of mean NLL, nats per token, by stratum.")
    void show(
            @Mixin SelectorOptions options,
            @Option(names = "--cuts-version", paramLabel = "V", description = "Which version (default: the latest).")
                    @Nullable
                    Integer version,
            @Option(
                            names = "--model-revision",
                            paramLabel = "REVISION",
                            description = "Whose scores; needed where several models have scored.")
                    @Nullable
                    String modelRevision) {
        try (KafkaCluster cluster = options.connect()) {
            String topic = cluster.settings().scoredTopic().name();
            CutsVersion cuts = CutsArchive.of(cluster).choose(topic, modelRevision, version);
            options.heading(CutsSummary.title(cuts));
            cuts.strata().values().forEach(each -> options.print(CutsSummary.shown(each)));
        }
    }

    @Command(
            name = "freeze",
            description =
                    "Makes a plan with a copy of one version of the cuts; its bands can be filled again at any time.")
    void freeze(
            @Mixin SelectorOptions options,
            @Option(names = "--plan", required = true, paramLabel = "NAME", description = "Name of the new plan.")
                    String plan,
            @Mixin PlanOptions description) {
        PlanDraft draft = description.draft(plan, null, "");
        try (KafkaCluster cluster = options.connect()) {
            PlanCatalog catalog = new PlanCatalog(cluster);
            Plan frozen = catalog.make(draft);
            catalog.store(frozen);
            options.print(CutsSummary.frozen(frozen));
        }
    }

    @Command(
            name = "diff",
            description = {
                "Compares two versions of the cuts, stratum by stratum.",
                "The distance is that of Kolmogorov and Smirnov: the largest difference of the two ranks of a score."
            })
    void diff(
            @Mixin SelectorOptions options,
            @Option(names = "--from", required = true, paramLabel = "V", description = "The first version.") int from,
            @Option(names = "--to", paramLabel = "V", description = "The second version (default: the latest).")
                    @Nullable
                    Integer to,
            @Option(
                            names = "--model-revision",
                            paramLabel = "REVISION",
                            description = "Whose scores; needed where several models have scored.")
                    @Nullable
                    String modelRevision) {
        try (KafkaCluster cluster = options.connect()) {
            CutsArchive archive = CutsArchive.of(cluster);
            String topic = cluster.settings().scoredTopic().name();
            SortedMap<String, Cuts> one =
                    archive.choose(topic, modelRevision, from).strata();
            SortedMap<String, Cuts> other =
                    archive.choose(topic, modelRevision, to).strata();
            Set<String> strata = new TreeSet<>(one.keySet());
            strata.addAll(other.keySet());
            strata.forEach(each -> options.print(CutsSummary.compared(each, one.get(each), other.get(each))));
        }
    }

    @Command(
            name = "prune",
            description = {
                "Deletes versions of the cuts that neither a plan nor a record of a band names.",
                "The latest versions stay, because routers of live plans may be using them."
            })
    void prune(
            @Mixin SelectorOptions options,
            @Option(
                            names = "--keep",
                            paramLabel = "N",
                            description =
                                    "Latest versions of each model that stay (default: the setting calibrator.cuts.keep).")
                    @Nullable
                    Integer keep,
            @Option(names = "--dry-run", description = "Print what would be deleted, and delete nothing.")
                    boolean dryRun) {
        if (keep != null && keep < 1) {
            throw new ConfigurationException("--keep must be 1 or more, not " + keep);
        }
        try (KafkaCluster cluster = options.connect()) {
            int latest = keep == null ? cluster.settings().cutsKept() : keep;
            List<CutsVersion> unused = new CutsRetention(cluster).prune(latest, dryRun);
            unused.forEach(version -> options.print(CutsSummary.pruned(version, !dryRun)));
            System.err.printf("%d versions %s%n", unused.size(), dryRun ? "would be deleted" : "deleted");
        }
    }
}

package org.bandpass.selector;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.CutsVersion.Id;

/** Finds versions of the cuts that neither a plan nor a record of a band names. */
final class UnusedCuts {

    private final SelectorSettings settings;
    private final Cluster cluster;

    UnusedCuts(SelectorSettings settings, Cluster cluster) {
        this.settings = settings;
        this.cluster = cluster;
    }

    /** Returns the unused versions without the latest few of each model. */
    List<CutsVersion> list(int keep) {
        List<CutsVersion> versions =
                List.copyOf(CutsArchive.of(cluster, settings).overview().values());
        Map<String, Integer> latest = new HashMap<>();
        versions.forEach(
                version -> latest.merge(model(version.id()), version.id().version(), Math::max));
        List<CutsVersion> old = versions.stream()
                .filter(version -> version.id().version() <= latest.getOrDefault(model(version.id()), 0) - keep)
                .toList();
        if (old.isEmpty()) {
            return old;
        }
        Set<Id> used = used(old);
        return old.stream().filter(version -> !used.contains(version.id())).toList();
    }

    private static String model(Id id) {
        return id.scoredTopic() + "/" + id.modelRevision();
    }

    private Set<Id> used(List<CutsVersion> versions) {
        Set<Id> used = new HashSet<>();
        for (Plan plan : new PlanCatalog(settings, cluster).everyOne().values()) {
            versions.stream()
                    .map(CutsVersion::id)
                    .filter(id -> CutsVersion.isFrozenIn(id, plan))
                    .forEach(used::add);
            if (plan.getCutMode() == CutMode.LIVE) {
                plan.getBands().forEach(band -> visit(plan, band.getName(), versions, used));
            }
        }
        return used;
    }

    /**
     * Records of a live plan name the version that ranked them. A router only ever goes to later versions, so the first
     * and the last record of a partition bound what is named in it; no other record is read.
     */
    private void visit(Plan plan, String band, List<CutsVersion> versions, Set<Id> used) {
        String topic = settings.topics().band(plan.getName(), band).name();
        if (!cluster.exists(topic)) {
            return;
        }
        NamedVersions named = new NamedVersions(cluster.reader(), cluster.written(topic));
        versions.stream()
                .map(CutsVersion::id)
                .filter(id -> id.scoredTopic().equals(plan.getScoredTopic())
                        && id.modelRevision().equals(plan.getModelRevision())
                        && named.mayContain(id.version()))
                .forEach(used::add);
    }
}

package org.bandpass.selector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.HeaderNames;
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
        Set<Id> used = used(versions);
        List<CutsVersion> unused = new ArrayList<>();
        for (CutsVersion version : versions) {
            int last = latest.getOrDefault(model(version.id()), 0);
            if (!used.contains(version.id()) && version.id().version() <= last - keep) {
                unused.add(version);
            }
        }
        return unused;
    }

    private static String model(Id id) {
        return id.scoredTopic() + "/" + id.modelRevision();
    }

    private Set<Id> used(List<CutsVersion> versions) {
        Set<Id> used = new HashSet<>();
        for (Plan plan : new PlanCatalog(settings, cluster).all().values()) {
            versions.stream()
                    .map(CutsVersion::id)
                    .filter(id -> CutsVersion.isFrozenIn(id, plan))
                    .forEach(used::add);
            if (plan.getCutMode() == CutMode.LIVE) {
                plan.getBands().forEach(band -> visit(plan, band.getName(), used));
            }
        }
        return used;
    }

    /** Records of a live plan name the version that ranked them. */
    private void visit(Plan plan, String band, Set<Id> used) {
        String topic = settings.topics().band(plan.getName(), band).name();
        if (cluster.exists(topic)) {
            cluster.read(topic, record -> addNamed(plan, record.headers(), used));
        }
    }

    private static void addNamed(Plan plan, Headers headers, Set<Id> used) {
        try {
            int version = HeaderNames.integer(headers, HeaderNames.CUTS_VERSION);
            used.add(new Id(plan.getScoredTopic(), plan.getModelRevision(), version));
        } catch (IllegalArgumentException e) {
            // No router wrote this, so no version is needed for it; the audit reports it.
        }
    }
}

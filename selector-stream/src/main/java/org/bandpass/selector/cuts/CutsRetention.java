package org.bandpass.selector.cuts;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsVersion.Id;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.runtime.TransientFailure;
import org.bandpass.service.ProgramFailure;

/** Deletes versions of the cuts that neither a plan nor a record of a band names. */
public final class CutsRetention {

    private final SelectorSettings settings;
    private final KafkaCluster cluster;
    private final Supplier<Map<String, Plan>> plans;

    /** Makes a retention; {@code plans} returns every stored plan by name, and is asked only where a version may go. */
    public CutsRetention(KafkaCluster cluster, Supplier<Map<String, Plan>> plans) {
        this.settings = cluster.settings();
        this.cluster = cluster;
        this.plans = plans;
    }

    /**
     * Deletes the unused versions and returns them.
     *
     * @param keep latest versions of each model that stay
     * @param dryRun whether to delete nothing
     * @throws ProgramFailure if they cannot be deleted
     */
    public List<CutsVersion> prune(int keep, boolean dryRun) {
        List<CutsVersion> unused = unused(keep);
        if (!dryRun && !unused.isEmpty()) {
            delete(unused);
        }
        return unused;
    }

    private List<CutsVersion> unused(int keep) {
        List<CutsVersion> versions =
                List.copyOf(CutsArchive.of(cluster).overview().values());
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
        for (Plan plan : plans.get().values()) {
            versions.stream()
                    .map(CutsVersion::id)
                    .filter(id -> CutsVersion.isFrozenIn(id, plan))
                    .forEach(used::add);
            if (plan.getCutMode() == CutMode.LIVE) {
                plan.getBands().forEach(band -> addNamed(plan, band, versions, used));
            }
        }
        return used;
    }

    /**
     * Records of a live plan name the version that ranked them. A router only moves to later versions, so the first and
     * the last record of a partition bound the versions named in it; no other record is read.
     */
    private void addNamed(Plan plan, Band band, List<CutsVersion> versions, Set<Id> used) {
        String topic = cluster.band(plan, band);
        if (!cluster.exists(topic)) {
            return;
        }
        VersionRange named = new VersionRange(cluster, cluster.written(topic));
        versions.stream()
                .map(CutsVersion::id)
                .filter(id -> id.scoredTopic().equals(plan.getScoredTopic())
                        && id.modelRevision().equals(plan.getModelRevision())
                        && named.mayContain(id.version()))
                .forEach(used::add);
    }

    private void delete(List<CutsVersion> versions) {
        try (Producer<byte[], byte[]> producer = Clients.transactional(
                settings.client(), settings.topics(), settings.topics().group("cuts-prune"))) {
            producer.initTransactions();
            for (CutsVersion version : versions) {
                producer.beginTransaction();
                for (Cuts cuts : version.strata().values()) {
                    producer.send(new ProducerRecord<>(
                            settings.topics().cuts().name(), HeaderNames.bytes(CutsArchive.key(cuts)), null));
                }
                Clients.commit(producer);
            }
        } catch (KafkaException e) {
            throw new ProgramFailure("cannot delete versions of the cuts: " + TransientFailure.root(e), e);
        }
    }
}

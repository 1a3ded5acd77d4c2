package org.bandpass.selector.plan;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.cuts.CutsVersion.Id;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.runtime.TransientFailure;
import org.bandpass.service.ProgramFailure;

/** Deletes versions of the cuts that neither a plan nor a record of a band names. */
public final class CutsRetention {

    private static final int FIRST_BLOCK = 4;
    private static final int NO_VERSION = -1;

    private final SelectorSettings settings;
    private final KafkaCluster cluster;

    public CutsRetention(KafkaCluster cluster) {
        this.settings = cluster.settings();
        this.cluster = cluster;
    }

    /** Deletes the unused versions, except the latest {@code keep} of each model, and returns them. */
    public List<CutsVersion> prune(int keep, boolean dryRun) {
        List<CutsVersion> unused = unused(keep);
        if (!dryRun && !unused.isEmpty()) {
            delete(unused);
        }
        return unused;
    }

    private List<CutsVersion> unused(int keep) {
        Collection<CutsVersion> versions = CutsArchive.of(cluster).overview().values();
        Map<String, Integer> latest = new HashMap<>();
        versions.forEach(
                version -> latest.merge(model(version.id()), version.id().version(), Math::max));
        List<CutsVersion> old = versions.stream()
                .filter(version -> version.id().version() <= latest.getOrDefault(model(version.id()), 0) - keep)
                .toList();
        if (old.isEmpty()) {
            return old;
        }
        Set<Id> used = used(old.stream().map(CutsVersion::id).toList());
        return old.stream().filter(version -> !used.contains(version.id())).toList();
    }

    private static String model(Id id) {
        return id.scoredTopic() + "/" + id.modelRevision();
    }

    private Set<Id> used(List<Id> versions) {
        Set<Id> used = new HashSet<>();
        for (Plan plan : new PlanCatalog(cluster).everyOne().values()) {
            versions.stream().filter(id -> id.isFrozenIn(plan)).forEach(used::add);
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
    private void addNamed(Plan plan, Band band, List<Id> versions, Set<Id> used) {
        String topic = cluster.band(plan, band);
        if (!cluster.exists(topic)) {
            return;
        }
        IntSummaryStatistics named = new IntSummaryStatistics();
        OffsetSnapshot written = cluster.written(topic);
        for (TopicPartition partition : written.to().keySet()) {
            // Records of other producers name no version.
            ConsumerRecord<byte[], byte[]> last =
                    cluster.last(written, partition, record -> version(record) != NO_VERSION);
            if (last != null) {
                named.accept(version(last));
                named.accept(Math.min(version(last), first(written, partition)));
            }
        }
        versions.stream()
                .filter(id -> id.scoredTopic().equals(plan.getScoredTopic())
                        && id.modelRevision().equals(plan.getModelRevision())
                        && named.getMin() <= id.version()
                        && id.version() <= named.getMax())
                .forEach(used::add);
    }

    /** Returns the first version that a partition names; reads larger and larger blocks until one does. */
    private int first(OffsetSnapshot written, TopicPartition partition) {
        long from = written.from().getOrDefault(partition, 0L);
        long end = written.to().getOrDefault(partition, 0L);
        AtomicInteger found = new AtomicInteger(NO_VERSION);
        for (long block = FIRST_BLOCK; from < end && found.get() == NO_VERSION; block *= FIRST_BLOCK) {
            long to = Math.min(end, from + block);
            new OffsetSnapshot(written.topic(), Map.of(partition, from), Map.of(partition, to))
                    .read(cluster.reader(), record -> found.compareAndSet(NO_VERSION, version(record)));
            from = to;
        }
        // No version if the records were deleted meanwhile.
        return found.get() == NO_VERSION ? Integer.MAX_VALUE : found.get();
    }

    private static int version(ConsumerRecord<byte[], byte[]> record) {
        try {
            return HeaderNames.integer(record.headers(), HeaderNames.CUTS_VERSION);
        } catch (IllegalArgumentException e) {
            return NO_VERSION;
        }
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

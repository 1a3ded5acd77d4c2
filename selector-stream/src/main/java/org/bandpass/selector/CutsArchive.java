package org.bandpass.selector;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.CutsVersion.Id;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Reads the published versions of the cuts. */
final class CutsArchive {

    private static final AvroSerde<Cuts> CUTS = AvroSerde.of(Cuts.class);

    private final Cluster cluster;
    private final Topics topics;

    /** Returns the archive of a cluster; the topic is created where there is none. */
    static CutsArchive of(Cluster cluster, SelectorSettings settings) {
        cluster.ensure(List.of(settings.topics().cuts()));
        return new CutsArchive(cluster, settings.topics());
    }

    private CutsArchive(Cluster cluster, Topics topics) {
        this.cluster = cluster;
        this.topics = topics;
    }

    static String key(Cuts cuts) {
        return cuts.getScoredTopic() + "/" + cuts.getModelRevision() + "/" + cuts.getStratum() + "/"
                + cuts.getVersion();
    }

    /** Returns every whole version; only the stratum 'all' has its digest, those of the others are empty. */
    NavigableMap<Id, CutsVersion> overview() {
        return read(cuts -> true, CutsArchive::slim);
    }

    private static Cuts slim(Cuts cuts) {
        return cuts.getStratum().equals(Stratification.ALL_SCORES)
                ? cuts
                : Cuts.newBuilder(cuts).setDigest(ByteBuffer.allocate(0)).build();
    }

    /** Returns every whole version of one model, with the strata of one stratification. */
    Collection<CutsVersion> history(String scoredTopic, String modelRevision, Stratification stratification) {
        return read(
                        cuts -> cuts.getScoredTopic().equals(scoredTopic)
                                && cuts.getModelRevision().equals(modelRevision)
                                && stratification.includes(cuts.getStratum()),
                        UnaryOperator.identity())
                .values();
    }

    /** Returns one version with all its strata, or null where there is none. */
    @Nullable
    CutsVersion find(Id id) {
        return read(cuts -> Id.of(cuts).equals(id), UnaryOperator.identity()).get(id);
    }

    /** Returns the latest version of each model revision of a scored topic, as {@link #overview} gives it. */
    Map<String, CutsVersion> latest(String scoredTopic) {
        Map<String, CutsVersion> latest = new TreeMap<>();
        overview().forEach((id, version) -> {
            if (id.scoredTopic().equals(scoredTopic)) {
                latest.put(id.modelRevision(), version);
            }
        });
        return latest;
    }

    /**
     * Returns one version with all its strata.
     *
     * @param scoredTopic topic of the scores
     * @param modelRevision whose scores; null for the only model's
     * @param version which version; null for the latest
     * @throws ProgramFailure if there is none, or several models leave it open which
     */
    CutsVersion choose(String scoredTopic, @Nullable String modelRevision, @Nullable Integer version) {
        Map<String, CutsVersion> latest = latest(scoredTopic);
        String revision = modelRevision == null ? only(latest) : modelRevision;
        CutsVersion last = latest.get(revision);
        if (last == null) {
            throw new ProgramFailure("there are no cuts for model revision " + revision + "; there are for "
                    + String.join(", ", latest.keySet()));
        }
        int number = version == null ? last.id().version() : version;
        CutsVersion found = find(new Id(scoredTopic, revision, number));
        if (found == null) {
            throw new ProgramFailure("there is no version " + number + " of the cuts of model revision " + revision
                    + "; 'bandpass cuts list' shows them");
        }
        return found;
    }

    private static String only(Map<String, CutsVersion> latest) {
        if (latest.isEmpty()) {
            throw new ProgramFailure("there are no cuts: run 'bandpass calibrate --until-caught-up' before");
        }
        if (latest.size() > 1) {
            throw new ProgramFailure("several models have scored: choose one with --model-revision, of "
                    + String.join(", ", latest.keySet()));
        }
        return latest.keySet().iterator().next();
    }

    private NavigableMap<Id, CutsVersion> read(Predicate<Cuts> wanted, UnaryOperator<Cuts> kept) {
        Map<String, Cuts> byKey = new HashMap<>();
        NavigableMap<Id, CutsVersion> versions = new TreeMap<>();
        cluster.read(topics.cuts().name(), record -> visit(record, wanted, kept, byKey, versions));
        // 'all' is the last record of a version and its tombstone the last of a deleted one.
        versions.values().removeIf(version -> !version.strata().containsKey(Stratification.ALL_SCORES));
        return versions;
    }

    private static void visit(
            ConsumerRecord<byte[], byte[]> record,
            Predicate<Cuts> wanted,
            UnaryOperator<Cuts> kept,
            Map<String, Cuts> byKey,
            NavigableMap<Id, CutsVersion> versions) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            Cuts deleted = byKey.remove(key);
            if (deleted != null) {
                versions.computeIfPresent(Id.of(deleted), (id, version) -> without(version, deleted.getStratum()));
            }
            return;
        }
        Cuts read = CUTS.read(record.value());
        if (wanted.test(read)) {
            Cuts cuts = kept.apply(read);
            byKey.put(key, cuts);
            Id id = Id.of(cuts);
            TreeMap<String, Cuts> strata = new TreeMap<>();
            CutsVersion known = versions.get(id);
            if (known != null) {
                strata.putAll(known.strata());
            }
            strata.put(cuts.getStratum(), cuts);
            versions.put(id, new CutsVersion(id, strata, record.timestamp()));
        }
    }

    private static CutsVersion without(CutsVersion version, String stratum) {
        TreeMap<String, Cuts> strata = new TreeMap<>(version.strata());
        strata.remove(stratum);
        return new CutsVersion(version.id(), strata, version.publishedAt());
    }
}

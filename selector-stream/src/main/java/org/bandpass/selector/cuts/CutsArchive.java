package org.bandpass.selector.cuts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.selector.cuts.CutsVersion.Id;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Reads the published versions of the cuts. */
public final class CutsArchive {

    private static final AvroSerde<Cuts> CUTS = AvroSerde.of(Cuts.class);

    private record Published(Cuts cuts, long at) {}

    private final KafkaCluster cluster;
    private final String topic;
    private final Set<String> passedOver = new HashSet<>();
    private boolean exists;

    private CutsArchive(KafkaCluster cluster) {
        this.cluster = cluster;
        this.topic = cluster.topics().cuts().name();
    }

    /**
     * Returns the archive of a cluster.
     *
     * @throws ProgramFailure if there is no scored topic either
     */
    public static CutsArchive of(KafkaCluster cluster) {
        CutsArchive archive = new CutsArchive(cluster);
        if (!archive.exists()) {
            // Nothing was calibrated yet, or the prefix is mistyped.
            cluster.require(cluster.settings().scoredTopic().name());
        }
        return archive;
    }

    private boolean exists() {
        exists = exists || cluster.exists(topic);
        return exists;
    }

    public static String key(Cuts cuts) {
        return cuts.getScoredTopic() + "/" + cuts.getModelRevision() + "/" + cuts.getStratum() + "/"
                + cuts.getVersion();
    }

    /** Returns every whole version; only the stratum 'all' has its digest, those of the others are empty. */
    public NavigableMap<Id, CutsVersion> overview() {
        return read(cuts -> true, CutsArchive::slim);
    }

    private static Cuts slim(Cuts cuts) {
        return Stratification.isAll(cuts.getStratum())
                ? cuts
                : Cuts.newBuilder(cuts).setDigest(ByteBuffer.allocate(0)).build();
    }

    /** Returns every whole version of one model, with the strata of one stratification. */
    public Collection<CutsVersion> history(String scoredTopic, String modelRevision, Stratification stratification) {
        return read(
                        cuts -> cuts.getScoredTopic().equals(scoredTopic)
                                && cuts.getModelRevision().equals(modelRevision)
                                && stratification.includes(cuts.getStratum()),
                        UnaryOperator.identity())
                .values();
    }

    /** Returns one version with all its strata, or null where there is none. */
    @Nullable
    public CutsVersion find(Id id) {
        return read(cuts -> Id.of(cuts).equals(id), UnaryOperator.identity()).get(id);
    }

    /** Returns the latest version of each model revision of a scored topic, as {@link #overview} gives it. */
    public Map<String, CutsVersion> latest(String scoredTopic) {
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
    public CutsVersion choose(String scoredTopic, @Nullable String modelRevision, @Nullable Integer version) {
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
        Map<String, Published> latest = new LinkedHashMap<>();
        if (exists()) {
            cluster.read(topic, record -> {
                Cuts cuts = record.value() == null ? null : readable(record);
                String key = new String(record.key(), StandardCharsets.UTF_8);
                if (cuts != null && wanted.test(cuts)) {
                    latest.put(key, new Published(kept.apply(cuts), record.timestamp()));
                } else if (record.value() == null) {
                    latest.remove(key);
                }
            });
        }
        Map<Id, SortedMap<String, Published>> versions = new TreeMap<>();
        latest.values()
                .forEach(each -> versions.computeIfAbsent(Id.of(each.cuts()), id -> new TreeMap<>())
                        .put(each.cuts().getStratum(), each));
        NavigableMap<Id, CutsVersion> whole = new TreeMap<>();
        versions.forEach((id, strata) -> {
            // 'all' is the last record of a version and its tombstone the last of a deleted one.
            Published all = strata.get(Stratification.ALL_SCORES);
            if (all != null) {
                SortedMap<String, Cuts> cuts = new TreeMap<>();
                strata.forEach((stratum, each) -> cuts.put(stratum, each.cuts()));
                whole.put(id, new CutsVersion(id, cuts, all.at()));
            }
        });
        return whole;
    }

    /** A version that a newer program wrote must not look like one that does not exist. */
    private @Nullable Cuts readable(ConsumerRecord<byte[], byte[]> record) {
        try {
            return CUTS.read(record.value());
        } catch (SerializationException e) {
            String at = DeadLetterPositions.name(record.topic(), record.partition(), record.offset());
            boolean named = cluster.settings()
                    .deadLetterPositions()
                    .contains(record.topic(), record.partition(), record.offset());
            if (e instanceof UnknownSchemaException unknown && !named) {
                throw new ProgramFailure(unknown.at(record.topic(), record.partition(), record.offset()), e);
            }
            if (passedOver.add(at)) {
                System.err.println(
                        "passed over " + at + ", which is no readable version of the cuts: " + e.getMessage());
            }
            return null;
        }
    }
}

package org.bandpass.selector.cuts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
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
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.selector.cuts.CutsVersion.Id;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Reads the published versions of the cuts. */
public final class CutsArchive {

    private static final AvroSerde<Cuts> CUTS = AvroSerde.of(Cuts.class);

    /** Cuts of one stratum; {@code at} in milliseconds since 1970. */
    private record Published(Cuts cuts, long at) {}

    private final KafkaCluster cluster;
    private final String topic;
    private final Set<String> reported = new HashSet<>();
    private boolean exists;

    private CutsArchive(KafkaCluster cluster) {
        this.cluster = cluster;
        this.topic = cluster.topics().cuts().name();
    }

    /** Throws a ProgramFailure if there is neither a topic of cuts nor one of scores. */
    public static CutsArchive of(KafkaCluster cluster) {
        CutsArchive archive = new CutsArchive(cluster);
        if (!archive.exists()) {
            // Either nothing was calibrated yet, or the prefix is mistyped.
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

    /** Returns every complete version, without the digests of strata other than 'all'. */
    public SortedMap<Id, CutsVersion> overview() {
        return read(cuts -> true, CutsArchive::withoutDigest);
    }

    private static Cuts withoutDigest(Cuts cuts) {
        return Stratification.isAll(cuts.getStratum())
                ? cuts
                : Cuts.newBuilder(cuts).setDigest(ByteBuffer.allocate(0)).build();
    }

    /** Returns every complete version that may rank the documents of a plan, with the strata it needs. */
    public Collection<CutsVersion> history(Plan plan) {
        Stratification stratification = Stratification.named(plan.getStratification());
        Predicate<Cuts> wanted = cuts -> cuts.getScoredTopic().equals(plan.getScoredTopic())
                && cuts.getModelRevision().equals(plan.getModelRevision())
                && stratification.includes(cuts.getStratum());
        return read(wanted, UnaryOperator.identity()).values();
    }

    /** Returns the latest version of each model revision of a scored topic, as in the {@link #overview}. */
    public Map<String, CutsVersion> latest(String scoredTopic) {
        Map<String, CutsVersion> latest = new TreeMap<>();
        overview().forEach((id, version) -> {
            if (id.scoredTopic().equals(scoredTopic)) {
                latest.put(id.modelRevision(), version);
            }
        });
        return latest;
    }

    /** Returns one version with all its strata; null stands for the only model, and for the latest version. */
    public CutsVersion choose(String scoredTopic, @Nullable String modelRevision, @Nullable Integer version) {
        Map<String, CutsVersion> latest = latest(scoredTopic);
        String revision = modelRevision == null ? only(latest) : modelRevision;
        CutsVersion last = latest.get(revision);
        if (last == null) {
            throw new ProgramFailure("there are no cuts for model revision " + revision + "; there are for "
                    + String.join(", ", latest.keySet()));
        }
        int number = version == null ? last.id().version() : version;
        Id id = new Id(scoredTopic, revision, number);
        CutsVersion found =
                read(cuts -> Id.of(cuts).equals(id), UnaryOperator.identity()).get(id);
        if (found == null) {
            throw new ProgramFailure("there is no version " + number + " of the cuts of model revision " + revision
                    + "; 'bandpass cuts list' shows them");
        }
        return found;
    }

    private static String only(Map<String, CutsVersion> latest) {
        if (latest.isEmpty()) {
            throw new ProgramFailure("there are no cuts: run 'bandpass calibrate --until-caught-up' first");
        }
        if (latest.size() > 1) {
            throw new ProgramFailure("several models have scored: choose one with --model-revision, of "
                    + String.join(", ", latest.keySet()));
        }
        return latest.keySet().iterator().next();
    }

    private SortedMap<Id, CutsVersion> read(Predicate<Cuts> wanted, UnaryOperator<Cuts> kept) {
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
        SortedMap<Id, CutsVersion> versions = new TreeMap<>(Id.ORDER);
        latest.values().stream()
                .filter(each -> Stratification.isAll(each.cuts().getStratum()))
                .map(all -> new CutsVersion(Id.of(all.cuts()), new TreeMap<>(), all.at()))
                .forEach(version -> versions.put(version.id(), version));
        for (Published each : latest.values()) {
            // 'all' is the last record of a version, and its tombstone the last of a deleted one.
            CutsVersion version = versions.get(Id.of(each.cuts()));
            if (version != null) {
                version.strata().put(each.cuts().getStratum(), each.cuts());
            }
        }
        return versions;
    }

    /** Returns null for a damaged record. A version of a newer program must not look missing. */
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
            if (reported.add(at)) {
                System.err.println(
                        "skipped " + at + ", which is not a readable version of the cuts: " + e.getMessage());
            }
            return null;
        }
    }
}

package org.bandpass.selector;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;

/** The cluster as commands see it: what exists, what a group has committed, and a reader. One thread at a time. */
final class Cluster implements AutoCloseable {

    private static final int ANSWER_MILLIS = 10_000;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final SelectorSettings settings;
    private final Admin admin;
    private final Consumer<byte[], byte[]> reader;
    private final Stop closing = Stop.byRequest();

    private Cluster(SelectorSettings settings, Admin admin, Consumer<byte[], byte[]> reader) {
        this.settings = settings;
        this.admin = admin;
        this.reader = reader;
    }

    /**
     * Connects.
     *
     * @throws ProgramFailure if no broker answers
     */
    static Cluster open(SelectorSettings settings) {
        Map<String, Object> client = settings.client();
        Map<String, Object> impatient = new LinkedHashMap<>();
        impatient.put("default.api.timeout.ms", ANSWER_MILLIS);
        impatient.put("request.timeout.ms", ANSWER_MILLIS);
        impatient.putAll(client);
        // Short reads of small topics: at an end a fetch would linger half a second.
        client.putIfAbsent("fetch.max.wait.ms", 20);
        try {
            Admin admin = Admin.create(impatient);
            try {
                admin.describeCluster().nodes().get();
                return new Cluster(settings, admin, Clients.reader(client, settings.topics()));
            } catch (ExecutionException | KafkaException e) {
                admin.close(Duration.ZERO);
                throw ProgramFailure.noBroker(settings.client().get("bootstrap.servers"), e);
            }
        } catch (KafkaException e) {
            throw ProgramFailure.noBroker(settings.client().get("bootstrap.servers"), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while talking to the broker", e);
        }
    }

    Consumer<byte[], byte[]> reader() {
        return reader;
    }

    /**
     * Creates topics that do not exist.
     *
     * @throws ProgramFailure if one exists with another number of partitions
     */
    void ensure(List<TopicSpec> needed) {
        try {
            new TopicAdmin(admin, settings.settings().topicReplication()).ensure(needed);
        } catch (IllegalStateException e) {
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    boolean exists(String topic) {
        return await(admin.listTopics().names()).contains(topic);
    }

    /** Reads everything that was written to a topic up to now. */
    void read(String topic, OffsetSnapshot.Visitor visitor) {
        OffsetSnapshot.written(admin, reader, topic).read(reader, visitor);
    }

    /** Returns the latest values of a compacted topic by key; none where there is no such topic. */
    <T extends SpecificRecord> Map<String, T> table(String topic, Class<T> type) {
        return exists(topic) ? CompactedTopic.read(admin, reader, topic, type) : Map.of();
    }

    /** Takes the ends of a topic, in records. */
    RecordEnds ends(String topic) {
        return RecordEnds.take(admin, reader, topic);
    }

    /**
     * Returns what a group has committed in a topic, by partition; partitions without a position are absent. Waits for a
     * transaction that decides about positions, as one of a program that was killed.
     *
     * @throws ProgramFailure if one stays open
     */
    Map<Integer, Long> committed(String group, String topic) {
        List<TopicPartition> partitions = OffsetSnapshot.partitionsOf(reader, topic);
        Patience patience = new Patience(CatchUp.PATIENCE);
        while (true) {
            Map<TopicPartition, OffsetAndMetadata> offsets = offsets(group, partitions, true);
            // A partition without a position is there, with null; one that is not there is not decided.
            if (offsets.keySet().containsAll(partitions)) {
                return byPartition(offsets);
            }
            patience.look(offsets.keySet(), () -> "a transaction of group " + group);
            pause();
        }
    }

    /** Returns how far a group is in a topic, by partition, without waiting for transactions that are not decided. */
    Map<Integer, Long> positions(String group, String topic) {
        return byPartition(offsets(group, OffsetSnapshot.partitionsOf(reader, topic), false));
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(
            String group, List<TopicPartition> partitions, boolean stable) {
        ListConsumerGroupOffsetsSpec spec = new ListConsumerGroupOffsetsSpec().topicPartitions(partitions);
        ListConsumerGroupOffsetsOptions options = new ListConsumerGroupOffsetsOptions().requireStable(stable);
        return await(
                admin.listConsumerGroupOffsets(Map.of(group, spec), options).partitionsToOffsetAndMetadata(group));
    }

    private static Map<Integer, Long> byPartition(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<Integer, Long> positions = new LinkedHashMap<>();
        offsets.forEach((partition, offset) -> {
            if (offset != null) {
                positions.put(partition.partition(), offset.offset());
            }
        });
        return positions;
    }

    private void pause() {
        if (closing.await(PAUSE)) {
            throw new ProgramFailure("interrupted while talking to the broker");
        }
    }

    /**
     * Gives a group its first positions: the beginning of each partition that it has none in. The applications never
     * reset offsets by themselves: a position that was lost would silently become the beginning, and everything would be
     * done a second time.
     */
    void startAtBeginning(String group, List<String> topics) {
        Map<TopicPartition, OffsetAndMetadata> missing = new LinkedHashMap<>();
        for (String topic : topics) {
            Map<Integer, Long> committed = committed(group, topic);
            reader.beginningOffsets(OffsetSnapshot.partitionsOf(reader, topic)).forEach((partition, beginning) -> {
                if (!committed.containsKey(partition.partition())) {
                    missing.put(partition, new OffsetAndMetadata(beginning));
                }
            });
        }
        if (!missing.isEmpty()) {
            await(admin.alterConsumerGroupOffsets(group, missing).all());
        }
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw ProgramFailure.noBroker(settings.client().get("bootstrap.servers"), e);
            }
            throw new ProgramFailure("the broker refused: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while talking to the broker", e);
        }
    }

    @Override
    public void close() {
        closing.request();
        reader.close();
        admin.close(Duration.ofMillis(ANSWER_MILLIS));
    }
}

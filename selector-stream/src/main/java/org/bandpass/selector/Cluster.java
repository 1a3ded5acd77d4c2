package org.bandpass.selector;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;

/** The cluster as commands see it: what exists, what a group has committed, and a reader. One thread at a time. */
final class Cluster implements AutoCloseable {

    private static final int ANSWER_MILLIS = 10_000;

    private final SelectorSettings settings;
    private final Admin admin;
    private final Consumer<byte[], byte[]> reader;

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
                throw unreachable(settings, e);
            }
        } catch (KafkaException e) {
            throw unreachable(settings, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while talking to the broker", e);
        }
    }

    private static ProgramFailure unreachable(SelectorSettings settings, Exception e) {
        return new ProgramFailure(
                "no Kafka broker answers at " + settings.client().get("bootstrap.servers")
                        + ": start one ('bandpass broker'), or name another with --bootstrap-servers",
                e);
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

    /** Returns the names of all topics. */
    Set<String> topicNames() {
        return await(admin.listTopics().names());
    }

    /** Takes the ends of a topic, in records. */
    RecordEnds ends(String topic, Stop stop) {
        return RecordEnds.take(admin, reader, topic, stop);
    }

    /**
     * Returns what a group has committed in a topic, by partition; partitions without a position are absent.
     *
     * @throws ProgramFailure if a transaction of the group stays open
     */
    Map<Integer, Long> committed(String group, String topic) {
        // Stable ones: a transaction that is being committed or aborted decides first.
        ListConsumerGroupOffsetsOptions stable = new ListConsumerGroupOffsetsOptions().requireStable(true);
        Map<TopicPartition, OffsetAndMetadata> offsets =
                await(admin.listConsumerGroupOffsets(group, stable).partitionsToOffsetAndMetadata());
        Map<Integer, Long> committed = new LinkedHashMap<>();
        offsets.forEach((partition, offset) -> {
            if (offset != null && partition.topic().equals(topic)) {
                committed.put(partition.partition(), offset.offset());
            }
        });
        return committed;
    }

    /** Commits positions for a group that has no members. */
    void commit(String group, Map<TopicPartition, Long> positions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        positions.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        await(admin.alterConsumerGroupOffsets(group, offsets).all());
    }

    <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw unreachable(settings, e);
            }
            throw new ProgramFailure("the broker refused: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while talking to the broker", e);
        }
    }

    Admin admin() {
        return admin;
    }

    @Override
    public void close() {
        reader.close();
        admin.close(Duration.ofMillis(ANSWER_MILLIS));
    }
}

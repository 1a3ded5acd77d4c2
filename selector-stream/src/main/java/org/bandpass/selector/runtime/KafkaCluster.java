package org.bandpass.selector.runtime;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka cluster: which topics exist, what they contain, and what a group has committed. Retries for a while when no
 * broker answers. One thread at a time.
 */
public final class KafkaCluster implements AutoCloseable {

    /** Patience of programs that run until they are stopped. */
    public static final Duration WITHOUT_END = ChronoUnit.FOREVER.getDuration();

    private static final int ANSWER_MILLIS = 10_000;
    private static final int PROBE_MILLIS = 5_000;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_SESSION = Duration.ofSeconds(20);

    private final SelectorSettings settings;
    private final Admin admin;
    private final Consumer<byte[], byte[]> reader;
    private final boolean waitForTopics;
    private final Duration patience;
    private final Stop stop;

    /** Connects for a short command, which does not wait in an outage. Throws a ProgramFailure if no broker answers. */
    public static KafkaCluster open(SelectorSettings settings) {
        return open(settings, false, Duration.ZERO, Stop.byRequest());
    }

    /** Connects; {@code patience} is how long to wait in a later outage. Throws a ProgramFailure if no broker answers. */
    public static KafkaCluster open(SelectorSettings settings, boolean waitForTopics, Duration patience, Stop stop) {
        try {
            return new KafkaCluster(settings, waitForTopics, patience, stop);
        } catch (IllegalStateException | KafkaException e) {
            throw noBroker(settings, e);
        }
    }

    private KafkaCluster(SelectorSettings settings, boolean waitForTopics, Duration patience, Stop stop) {
        this.settings = settings;
        this.waitForTopics = waitForTopics;
        this.patience = patience;
        this.stop = stop;
        Map<String, Object> client = settings.client();
        Map<String, Object> impatient = new HashMap<>();
        impatient.put("default.api.timeout.ms", ANSWER_MILLIS);
        impatient.put("request.timeout.ms", ANSWER_MILLIS);
        impatient.putAll(client);
        // At the end of a small topic a fetch would otherwise wait for half a second.
        client.putIfAbsent("fetch.max.wait.ms", 20);
        admin = Admin.create(impatient);
        try {
            await(admin.describeCluster().nodes());
            reader = Clients.reader(client, settings.topics());
        } catch (RuntimeException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    public Consumer<byte[], byte[]> reader() {
        return reader;
    }

    public SelectorSettings settings() {
        return settings;
    }

    public Topics topics() {
        return settings.topics();
    }

    public String band(Plan plan, Band band) {
        return topics().band(plan.getName(), band.getName()).name();
    }

    public boolean answers() {
        try {
            await(admin.describeCluster(new DescribeClusterOptions().timeoutMs(PROBE_MILLIS))
                    .nodes());
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** Throws a ProgramFailure if a topic does not exist, or a stop is requested while waiting for it. */
    public void require(String topic) {
        String prefix = settings.topics().prefix();
        TopicAdmin topics = new TopicAdmin(admin, TopicAdmin.BROKER_DEFAULT_REPLICATION);
        if (!answered(
                () -> topics.require(topic, topic.startsWith(prefix) ? prefix : "", waitForTopics, stop::requested))) {
            throw new ProgramFailure("stopped while waiting for topic " + topic);
        }
    }

    /** Creates topics that do not exist. Throws a ProgramFailure if one exists with another number of partitions. */
    public void ensure(List<TopicSpec> needed) {
        answered(() -> new TopicAdmin(admin, settings.settings().topicReplication()).ensure(needed));
    }

    public boolean exists(String topic) {
        return answered(() -> await(admin.listTopics().names())).contains(topic);
    }

    /** Reads a topic to its current end. */
    public void read(String topic, OffsetSnapshot.Visitor visitor) {
        written(topic).read(reader, visitor);
    }

    /** Returns the last record of a partition that matches, or null. */
    public @Nullable ConsumerRecord<byte[], byte[]> last(
            OffsetSnapshot topic, TopicPartition partition, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        return answered(() -> topic.last(reader, partition, wanted));
    }

    /** Returns the offset ranges of a topic now, open transactions included. */
    public OffsetSnapshot written(String topic) {
        return answered(() -> OffsetSnapshot.written(admin, reader, topic));
    }

    /** Returns whether a topic has no offsets, open transactions included. */
    public boolean isEmpty(String topic) {
        OffsetSnapshot written = written(topic);
        return written.from().equals(written.to());
    }

    /** Returns the current end of a topic, in records; waits for transactions that are open now. */
    public RecordEnds ends(String topic) {
        OffsetSnapshot written = written(topic);
        Map<Integer, Long> offsets = new TreeMap<>();
        for (TopicPartition partition : written.to().keySet()) {
            ConsumerRecord<byte[], byte[]> last = last(written, partition, record -> true);
            offsets.put(partition.partition(), last == null ? 0 : last.offset() + 1);
        }
        return new RecordEnds(offsets);
    }

    /**
     * Returns the committed positions of a group by partition; partitions without a position are absent. Waits for open
     * transactions that change positions, such as that of a killed program.
     *
     * @throws ProgramFailure if one stays open
     */
    public Map<Integer, Long> committed(String group, String topic) {
        List<TopicPartition> partitions = partitions(topic);
        Patience undecided = new Patience(CatchUp.PATIENCE);
        while (true) {
            Map<TopicPartition, OffsetAndMetadata> offsets = offsets(group, partitions, true);
            // A partition without a position is present, with null; an absent one is undecided.
            if (offsets.keySet().containsAll(partitions)) {
                return byPartition(offsets);
            }
            undecided.check(offsets.keySet(), () -> "a transaction of group " + group);
            pause(PAUSE);
        }
    }

    /** Returns the positions of a group by partition, without waiting for open transactions. */
    public Map<Integer, Long> positions(String group, String topic) {
        return byPartition(offsets(group, partitions(topic), false));
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(
            String group, List<TopicPartition> partitions, boolean stable) {
        ListConsumerGroupOffsetsSpec spec = new ListConsumerGroupOffsetsSpec().topicPartitions(partitions);
        ListConsumerGroupOffsetsOptions options = new ListConsumerGroupOffsetsOptions().requireStable(stable);
        return answered(() -> await(
                admin.listConsumerGroupOffsets(Map.of(group, spec), options).partitionsToOffsetAndMetadata(group)));
    }

    private List<TopicPartition> partitions(String topic) {
        return answered(() -> OffsetSnapshot.partitionsOf(reader, topic));
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

    /**
     * Gives a group a position in each partition where it has none: the given one, or else the beginning. The
     * applications never reset offsets themselves: a lost position would silently become the beginning, and all records
     * would be processed twice.
     */
    public void startAt(String group, String topic, Map<Integer, Long> positions) {
        Map<Integer, Long> committed = committed(group, topic);
        Map<TopicPartition, OffsetAndMetadata> missing = new LinkedHashMap<>();
        written(topic).from().forEach((partition, beginning) -> {
            int number = partition.partition();
            if (!committed.containsKey(number)) {
                long at = Math.max(beginning, positions.getOrDefault(number, beginning));
                missing.put(partition, new OffsetAndMetadata(at));
            }
        });
        if (!missing.isEmpty()) {
            answered(() -> await(admin.alterConsumerGroupOffsets(group, missing).all()));
        }
    }

    /** Moves a group without members to the end of a topic. */
    public void startAtEnd(String group, String topic) {
        Map<TopicPartition, OffsetAndMetadata> ends = new LinkedHashMap<>();
        written(topic).to().forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
        answered(() -> await(admin.alterConsumerGroupOffsets(group, ends).all()));
    }

    /**
     * Deletes a group and its positions, if it exists, once the sessions of killed members have expired.
     *
     * @throws ProgramFailure if it still has a member after that
     */
    public void deleteGroup(String group) {
        long began = System.nanoTime();
        while (!isDeleted(group)) {
            if (System.nanoTime() - began > LONGEST_SESSION.toNanos()) {
                throw new ProgramFailure("group " + group + " is active: stop every instance of it first");
            }
            pause(PAUSE);
        }
    }

    private boolean isDeleted(String group) {
        try {
            answered(() -> await(admin.deleteConsumerGroups(List.of(group)).all()));
            return true;
        } catch (ProgramFailure e) {
            boolean absent = ClientFailure.cause(e, GroupIdNotFoundException.class) != null;
            if (!absent && ClientFailure.cause(e, GroupNotEmptyException.class) == null) {
                throw e;
            }
            return absent;
        }
    }

    /** Deletes topics, if they exist. */
    public void delete(List<String> topics) {
        List<String> existing = topics.stream().filter(this::exists).toList();
        answered(() -> await(admin.deleteTopics(existing).all()));
    }

    /** Repeats a request until it is answered or patience ends. */
    private <T> T answered(Supplier<T> request) {
        long began = System.nanoTime();
        while (true) {
            try {
                return request.get();
            } catch (KafkaException | IllegalStateException e) {
                if (!TransientFailure.is(e)) {
                    throw new ProgramFailure(e.getMessage(), e);
                }
                if (Duration.ofNanos(System.nanoTime() - began).compareTo(patience) >= 0) {
                    throw answers() ? new ProgramFailure(e.getMessage(), e) : noBroker(settings, e);
                }
                pause(RETRY_PAUSE);
            }
        }
    }

    private void pause(Duration time) {
        if (stop.await(time)) {
            throw new ProgramFailure("stopped while waiting for the cluster");
        }
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker refused: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while waiting for the broker", e);
        }
    }

    private static ProgramFailure noBroker(SelectorSettings settings, Exception cause) {
        return ProgramFailure.noBroker(settings.client().get("bootstrap.servers"), cause);
    }

    @Override
    public void close() {
        reader.close();
        admin.close(Duration.ofMillis(ANSWER_MILLIS));
    }
}

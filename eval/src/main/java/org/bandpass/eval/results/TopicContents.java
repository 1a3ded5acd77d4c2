package org.bandpass.eval.results;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.schemas.UnreadableRecord;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Settings;
import org.jspecify.annotations.Nullable;

/** Reads the topics of a cluster for a report. A topic that does not exist counts as empty. */
final class TopicContents implements AutoCloseable {

    private static final int ANSWER_MILLIS = 10_000;

    private final long mostRecords;
    private final Topics topics;
    private final Admin admin;
    private final Consumer<byte[], byte[]> consumer;
    private final Set<String> existing;

    /** Receives one value of a topic. */
    interface Visitor<T> {
        void visit(T value);
    }

    /** Connects; of a topic with more than {@code mostRecords} documents a sample of about this size is read. */
    TopicContents(Settings settings, long mostRecords) {
        this.mostRecords = mostRecords;
        this.topics = new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes());
        Map<String, Object> client = settings.kafka();
        // Many small topics are read one after the other; each fetch at an end would wait half a second.
        client.putIfAbsent("fetch.max.wait.ms", 20);
        this.admin = Admin.create(client);
        this.existing = existing(admin, client);
        this.consumer = Clients.reader(client, topics);
    }

    private static Set<String> existing(Admin admin, Map<String, Object> client) {
        try {
            return admin.listTopics(new ListTopicsOptions().timeoutMs(ANSWER_MILLIS))
                    .names()
                    .get();
        } catch (ExecutionException e) {
            admin.close(Duration.ZERO);
            throw ProgramFailure.noBroker(client.get("bootstrap.servers"), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while talking to the broker", e);
        }
    }

    Topics topics() {
        return topics;
    }

    /** Returns what a report reads of everything that a topic holds. */
    TopicSample sample(String topic) {
        return existing.contains(topic)
                ? TopicSample.of(OffsetSnapshot.written(admin, consumer, topic), mostRecords)
                : new TopicSample(List.of(), 1);
    }

    /** Returns what a report reads of some ranges of a topic. */
    TopicSample sample(OffsetSnapshot ranges) {
        return existing.contains(ranges.topic()) ? TopicSample.of(ranges, mostRecords) : new TopicSample(List.of(), 1);
    }

    /** Visits the values of a sample; leaves out those that cannot be read, with a warning. */
    <T extends SpecificRecord> void read(TopicSample sample, AvroSerde<T> serde, Visitor<T> visitor) {
        sample.read(consumer, record -> {
            T value = record.value() == null ? null : value(record, serde);
            if (value != null) {
                visitor.visit(value);
            }
        });
    }

    private static <T extends SpecificRecord> @Nullable T value(
            ConsumerRecord<byte[], byte[]> record, AvroSerde<T> serde) {
        try {
            return serde.read(record.value());
        } catch (UnknownSchemaException e) {
            throw new ProgramFailure(
                    place(record) + " is of a newer version of Bandpass (" + e.schema() + "): report with that version",
                    e);
        } catch (SerializationException e) {
            System.err.println("left out of the report: " + place(record) + ": " + e.getMessage());
            return null;
        }
    }

    private static String place(ConsumerRecord<?, ?> record) {
        return "the record at " + record.topic() + " partition " + record.partition() + " offset " + record.offset();
    }

    /** Returns the latest values of a compacted topic without those that cannot be read, with a warning for each. */
    <T extends SpecificRecord> Map<String, T> readable(TopicSpec topic, Class<T> type) {
        return table(topic, type, record -> System.err.println("left out of the report: " + record.sentence()));
    }

    /** Returns the latest values of a compacted topic. */
    <T extends SpecificRecord> Map<String, T> table(
            TopicSpec topic, Class<T> type, UnreadableRecord.Visitor unreadable) {
        return existing.contains(topic.name())
                ? CompactedTopic.read(admin, consumer, topic.name(), type, unreadable)
                : Map.of();
    }

    /** Returns the number of records of a topic, estimated where it is large. */
    long count(String topic) {
        TopicSample sample = sample(topic);
        long[] records = {0};
        sample.read(consumer, record -> records[0]++);
        return Math.round(records[0] * sample.scale());
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}

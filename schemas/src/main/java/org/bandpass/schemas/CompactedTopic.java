package org.bandpass.schemas;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.NullMarked;

/** Reads a compacted topic to its end: the latest value of each key. */
@NullMarked
public final class CompactedTopic {

    private CompactedTopic() {}

    /**
     * Returns the latest values by key, in the order in which they were last written; deleted keys are absent.
     *
     * @throws SerializationException if the latest record of a key cannot be read; its message says where it is
     */
    public static <T extends SpecificRecord> Map<String, T> read(
            Map<String, Object> client, Topics topics, TopicSpec topic, Class<T> type) {
        try (Admin admin = Admin.create(client);
                Consumer<byte[], byte[]> consumer = Clients.reader(client, topics)) {
            return read(admin, consumer, topic.name(), type);
        }
    }

    /** Returns the same through clients that the caller owns. */
    public static <T extends SpecificRecord> Map<String, T> read(
            Admin admin, Consumer<byte[], byte[]> consumer, String topic, Class<T> type) {
        return read(OffsetSnapshot.written(admin, consumer, topic), consumer, type);
    }

    /** Returns the same; what cannot be read goes to a visitor and is absent. */
    public static <T extends SpecificRecord> Map<String, T> read(
            Admin admin,
            Consumer<byte[], byte[]> consumer,
            String topic,
            Class<T> type,
            UnreadableRecord.Visitor unreadable) {
        return read(OffsetSnapshot.written(admin, consumer, topic), consumer, type, unreadable);
    }

    /**
     * Returns the latest values within a snapshot of a compacted topic.
     *
     * @throws SerializationException if the latest record of a key cannot be read; its message says where it is
     */
    public static <T extends SpecificRecord> Map<String, T> read(
            OffsetSnapshot snapshot, Consumer<byte[], byte[]> consumer, Class<T> type) {
        return read(snapshot, consumer, type, UnreadableRecord.stop());
    }

    /**
     * Returns the latest values within a snapshot of a compacted topic. A key whose latest record cannot be read is
     * absent and its record is handed to the visitor after the reading; an older unreadable record of a key does no harm.
     */
    public static <T extends SpecificRecord> Map<String, T> read(
            OffsetSnapshot snapshot,
            Consumer<byte[], byte[]> consumer,
            Class<T> type,
            UnreadableRecord.Visitor unreadable) {
        AvroSerde<T> serde = AvroSerde.of(type);
        Map<String, T> latest = new LinkedHashMap<>();
        Map<String, UnreadableRecord> refused = new LinkedHashMap<>();
        snapshot.read(consumer, record -> {
            String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
            latest.remove(key);
            refused.remove(key);
            if (record.value() == null) {
                return;
            }
            try {
                latest.put(key, serde.read(record.value()));
            } catch (SerializationException e) {
                refused.put(key, new UnreadableRecord(record.topic(), record.partition(), record.offset(), key, e));
            }
        });
        refused.values().forEach(unreadable::visit);
        return latest;
    }
}

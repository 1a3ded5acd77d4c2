package org.bandpass.schemas;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.NullMarked;

/** Reads a compacted topic to its end: the latest value of each key, in the order of writing. */
@NullMarked
public final class CompactedTopic {

    private CompactedTopic() {}

    /** Returns the latest values in everything that has been written to a topic; see the other method. */
    public static <T extends SpecificRecord> Map<String, T> read(
            Admin admin,
            Consumer<byte[], byte[]> consumer,
            String topic,
            Class<T> type,
            UnreadableRecord.Visitor unreadable) {
        return read(OffsetSnapshot.written(admin, consumer, topic), consumer, type, unreadable);
    }

    /**
     * Returns the latest values within a snapshot of a compacted topic, without deleted keys. A key whose latest record
     * cannot be read is absent too, and the visitor receives the record at the end; older unreadable records are
     * ignored.
     */
    public static <T extends SpecificRecord> Map<String, T> read(
            OffsetSnapshot snapshot,
            Consumer<byte[], byte[]> consumer,
            Class<T> type,
            UnreadableRecord.Visitor unreadable) {
        AvroSerde<T> serde = AvroSerde.of(type);
        Map<String, T> latest = new LinkedHashMap<>();
        Map<String, UnreadableRecord> failed = new LinkedHashMap<>();
        snapshot.read(consumer, record -> {
            String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
            latest.remove(key);
            failed.remove(key);
            if (record.value() == null) {
                return;
            }
            try {
                latest.put(key, serde.read(record.value()));
            } catch (SerializationException e) {
                failed.put(key, new UnreadableRecord(record.topic(), record.partition(), record.offset(), key, e));
            }
        });
        failed.values().forEach(unreadable::visit);
        return latest;
    }
}

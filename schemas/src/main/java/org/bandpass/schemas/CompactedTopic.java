package org.bandpass.schemas;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.NullMarked;

/** Reads a compacted topic to its end: the latest value of each key. */
@NullMarked
public final class CompactedTopic {

    private CompactedTopic() {}

    /** Returns the latest values by key, in the order in which they were last written; deleted keys are absent. */
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

    /** Returns the latest values within a snapshot of a compacted topic. */
    public static <T extends SpecificRecord> Map<String, T> read(
            OffsetSnapshot snapshot, Consumer<byte[], byte[]> consumer, Class<T> type) {
        AvroSerde<T> serde = AvroSerde.of(type);
        Map<String, T> latest = new LinkedHashMap<>();
        snapshot.read(consumer, record -> {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            latest.remove(key);
            if (record.value() != null) {
                latest.put(key, serde.read(record.value()));
            }
        });
        return latest;
    }
}

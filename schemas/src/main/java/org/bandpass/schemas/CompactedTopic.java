package org.bandpass.schemas;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.NullMarked;

/** Reads a compacted topic to its end: the latest value of each key. */
@NullMarked
public final class CompactedTopic {

    private CompactedTopic() {}

    /** Returns the latest values by key, in the order in which they were last written; deleted keys are absent. */
    public static <T extends SpecificRecord> Map<String, T> read(
            Map<String, Object> client, Topics topics, TopicSpec topic, Class<T> type) {
        try (Consumer<byte[], byte[]> consumer = Clients.reader(client, topics)) {
            return read(consumer, topic.name(), type);
        }
    }

    /** Returns the same through a consumer that the caller owns. */
    public static <T extends SpecificRecord> Map<String, T> read(
            Consumer<byte[], byte[]> consumer, String topic, Class<T> type) {
        AvroSerde<T> serde = AvroSerde.of(type);
        Map<String, T> latest = new LinkedHashMap<>();
        OffsetSnapshot.take(consumer, topic).read(consumer, record -> {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            latest.remove(key);
            if (record.value() != null) {
                latest.put(key, serde.read(record.value()));
            }
        });
        return latest;
    }
}

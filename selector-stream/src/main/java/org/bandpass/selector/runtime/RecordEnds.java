package org.bandpass.selector.runtime;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetSnapshot;

/**
 * Where a topic ends, in records: the offset after the last committed record of each partition, 0 where there is none.
 * Offsets beyond hold transaction markers and aborted records only, which no position needs to pass.
 *
 * @param topic the topic
 * @param offsets by partition
 */
public record RecordEnds(String topic, Map<Integer, Long> offsets) {

    public RecordEnds {
        offsets = Map.copyOf(offsets);
    }

    /** Takes the ends of what is written now; transactions that are open now are waited for. */
    static RecordEnds take(Admin admin, Consumer<byte[], byte[]> reader, String topic) {
        OffsetSnapshot written = OffsetSnapshot.written(admin, reader, topic);
        Map<Integer, Long> offsets = new TreeMap<>();
        for (TopicPartition partition : written.to().keySet()) {
            ConsumerRecord<byte[], byte[]> last = written.last(reader, partition);
            offsets.put(partition.partition(), last == null ? 0 : last.offset() + 1);
        }
        return new RecordEnds(topic, offsets);
    }

    /** Returns whether positions have reached the ends. */
    public boolean reachedBy(IntToLongFunction position) {
        return behind(position).isEmpty();
    }

    /** Returns the partitions whose position has not reached the end, by number. */
    public List<Integer> behind(IntToLongFunction position) {
        return offsets.entrySet().stream()
                .filter(end -> end.getValue() > 0 && position.applyAsLong(end.getKey()) < end.getValue())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Returns whether the topic holds no record. */
    public boolean isEmpty() {
        return offsets.values().stream().allMatch(end -> end == 0);
    }
}

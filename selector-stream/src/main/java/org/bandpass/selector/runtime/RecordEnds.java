package org.bandpass.selector.runtime;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetSnapshot;

/**
 * Where a topic ends, in records: the offset after the last committed record of each partition, 0 where there is none.
 * Offsets beyond hold transaction markers and aborted records only, which no position needs to pass.
 *
 * @param offsets by partition
 */
public record RecordEnds(Map<Integer, Long> offsets) {

    public RecordEnds {
        offsets = Map.copyOf(offsets);
    }

    /** Takes the ends of what is written now; waits for transactions that are open now. */
    static RecordEnds take(Admin admin, Consumer<byte[], byte[]> reader, String topic) {
        OffsetSnapshot written = OffsetSnapshot.written(admin, reader, topic);
        Map<Integer, Long> offsets = new TreeMap<>();
        for (TopicPartition partition : written.to().keySet()) {
            ConsumerRecord<byte[], byte[]> last = written.last(reader, partition);
            offsets.put(partition.partition(), last == null ? 0 : last.offset() + 1);
        }
        return new RecordEnds(offsets);
    }

    /** Returns the partitions, by number, whose position has not reached the end; one without a position is at 0. */
    public List<Integer> behind(Map<Integer, Long> positions) {
        return offsets.entrySet().stream()
                .filter(end -> positions.getOrDefault(end.getKey(), 0L) < end.getValue())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Returns whether the topic holds no record. */
    public boolean isEmpty() {
        return offsets.values().stream().allMatch(end -> end == 0);
    }
}

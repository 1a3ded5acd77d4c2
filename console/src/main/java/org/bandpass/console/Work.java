package org.bandpass.console;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetRange;
import org.bandpass.schemas.OffsetSnapshot;

/** What one follower has before it: offsets from its position to the end, and how many of the records concern it. */
final class Work {

    private final Following following;
    private final Map<TopicPartition, Long> committed;
    private final Map<TopicPartition, Long> from = new HashMap<>();
    private final Map<TopicPartition, Long> to = new HashMap<>();
    private long documents;
    private long unread;
    private int partitions;

    Work(Following following, Map<TopicPartition, Long> committed) {
        this.following = following;
        // A group may have positions in other topics too, Streams' internal ones for example.
        this.committed = new HashMap<>(committed);
        this.committed.keySet().removeIf(partition -> !partition.topic().equals(following.topic()));
    }

    Following following() {
        return following;
    }

    /** Limits the work to what the topic holds now. */
    void clip(OffsetSnapshot now) {
        partitions = now.to().size();
        if (following.done()) {
            return;
        }
        now.to().forEach((partition, end) -> {
            long first = now.from().getOrDefault(partition, 0L);
            take(partition, Math.max(first, committed.getOrDefault(partition, first)), end);
        });
        if (!following.ranges().isEmpty()) {
            clipToRanges();
        }
    }

    private void clipToRanges() {
        Map<Integer, OffsetRange> ranges = new HashMap<>();
        following.ranges().forEach(range -> ranges.put(range.getPartition(), range));
        for (TopicPartition partition : List.copyOf(to.keySet())) {
            OffsetRange range = ranges.get(partition.partition());
            long start = from(partition);
            long end = to(partition);
            to.remove(partition);
            if (range != null) {
                take(partition, Math.max(start, range.getFrom()), Math.min(end, range.getTo()));
            }
        }
    }

    private void take(TopicPartition partition, long start, long end) {
        if (start < end) {
            from.put(partition, start);
            to.put(partition, end);
        }
    }

    boolean holds(TopicPartition partition) {
        return to.containsKey(partition);
    }

    long from(TopicPartition partition) {
        return from.getOrDefault(partition, 0L);
    }

    long to(TopicPartition partition) {
        return to.getOrDefault(partition, 0L);
    }

    void visit(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() >= from(partition)
                && record.offset() < to(partition)
                && following.concerns().test(record)) {
            documents++;
        }
    }

    /** Notes the offsets that were not read before the count had to end. */
    void close(Consumer<?, ?> reader, List<TopicPartition> read) {
        for (TopicPartition partition : read) {
            if (holds(partition)) {
                unread += Math.max(0, to(partition) - Math.max(from(partition), reader.position(partition)));
            }
        }
    }

    /** Returns the result, in the words of the group's state where the program says nothing of itself. */
    Lag lag(String groupState) {
        String said = following.state();
        String state = said != null ? said : groupState;
        boolean started = !committed.isEmpty() || following.done();
        return new Lag(
                following.program(),
                following.group(),
                following.topic(),
                documents,
                documents + unread,
                partitions,
                started || said != null ? state : "not started");
    }
}

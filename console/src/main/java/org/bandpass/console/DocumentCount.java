package org.bandpass.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.service.ProgramFailure;

/**
 * Counts the records of one topic that are still work for each of its followers. It reads them once for all: offsets do
 * not show it, because transaction markers and aborted records have offsets too.
 */
final class DocumentCount {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Admin admin;
    private final Consumer<byte[], byte[]> reader;
    private final long maxRecords;
    private final Duration patience;

    DocumentCount(Admin admin, Consumer<byte[], byte[]> reader, long maxRecords, Duration patience) {
        this.admin = admin;
        this.reader = reader;
        this.maxRecords = maxRecords;
        this.patience = patience;
    }

    /** Counts for each piece of work, reading at most the allowed number of records. */
    void count(String topic, List<Work> works) {
        TopicEnds now = TopicEnds.of(reader, admin, topic);
        works.forEach(work -> work.clip(now));
        Map<TopicPartition, Long> ends = new HashMap<>();
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (TopicPartition partition : now.readable().to().keySet()) {
            for (Work work : works) {
                if (work.holds(partition)) {
                    starts.merge(partition, work.from(partition), Math::min);
                    ends.merge(partition, work.to(partition), Math::max);
                }
            }
        }
        List<TopicPartition> open = new ArrayList<>(ends.keySet());
        reader.assign(open);
        starts.forEach(reader::seek);
        read(topic, open, ends, works);
        works.forEach(work -> work.close(reader, open));
        reader.unsubscribe();
    }

    private void read(String topic, List<TopicPartition> open, Map<TopicPartition, Long> ends, List<Work> works) {
        long records = 0;
        long movedAt = System.nanoTime();
        long before = sumOfPositions(open);
        while (records < maxRecords && !allReached(open, ends)) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                works.forEach(work -> work.visit(record));
                records++;
            }
            long positions = sumOfPositions(open);
            if (positions != before) {
                before = positions;
                movedAt = System.nanoTime();
            } else if (System.nanoTime() - movedAt > patience.toNanos()) {
                throw new ProgramFailure(
                        "topic " + topic + " cannot be read: the broker was silent for " + patience.toSeconds() + " s");
            }
        }
    }

    private boolean allReached(List<TopicPartition> open, Map<TopicPartition, Long> ends) {
        List<TopicPartition> reached = new ArrayList<>();
        for (TopicPartition partition : open) {
            if (reader.position(partition) >= ends.getOrDefault(partition, 0L)) {
                reached.add(partition);
            }
        }
        reader.pause(reached);
        return reached.size() == open.size();
    }

    private long sumOfPositions(List<TopicPartition> open) {
        return open.stream().mapToLong(reader::position).sum();
    }
}

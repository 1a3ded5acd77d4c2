package org.bandpass.console;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.console.Work.Span;
import org.bandpass.service.ProgramFailure;

/**
 * Counts the records of a topic that are work for its followers. Offsets do not show that, because transaction markers and
 * aborted records have offsets too, so it reads the topic, once for all followers.
 */
record DocumentCount(Admin admin, Consumer<byte[], byte[]> reader, long maxRecords, Duration patience) {

    /** Counts for each follower; reads no more than the allowed number of records. */
    void count(String topic, List<Work> works) {
        TopicEnds now = TopicEnds.of(reader, admin, topic);
        Map<TopicPartition, Span> spans = new HashMap<>();
        works.forEach(work -> {
            work.clip(now);
            work.spans().forEach((partition, span) -> spans.merge(partition, span, Span::and));
        });
        reader.assign(spans.keySet());
        spans.forEach((partition, span) -> reader.seek(partition, span.from()));
        read(topic, spans, works);
        works.forEach(work -> work.close(reader));
        reader.unsubscribe();
    }

    private void read(String topic, Map<TopicPartition, Span> spans, List<Work> works) {
        long records = 0;
        long movedAt = System.nanoTime();
        long before = sumOfPositions(spans);
        while (records < maxRecords && !allReached(spans)) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(200))) {
                works.forEach(work -> work.visit(record));
                records++;
            }
            long positions = sumOfPositions(spans);
            if (positions != before) {
                before = positions;
                movedAt = System.nanoTime();
            } else if (System.nanoTime() - movedAt > patience.toNanos()) {
                throw new ProgramFailure(
                        "topic " + topic + " cannot be read: the broker was silent for " + patience.toSeconds() + " s");
            }
        }
    }

    private boolean allReached(Map<TopicPartition, Span> spans) {
        List<TopicPartition> reached = spans.entrySet().stream()
                .filter(span ->
                        reader.position(span.getKey()) >= span.getValue().to())
                .map(Map.Entry::getKey)
                .toList();
        reader.pause(reached);
        return reached.size() == spans.size();
    }

    private long sumOfPositions(Map<TopicPartition, Span> spans) {
        return spans.keySet().stream().mapToLong(reader::position).sum();
    }
}

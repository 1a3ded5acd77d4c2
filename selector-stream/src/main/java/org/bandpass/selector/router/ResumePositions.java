package org.bandpass.selector.router;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.score.ScoredPosition;

/**
 * How far the router of a plan has been, from what it has written: the highest scored offset in its bands and its dead
 * letters, by partition. Its output and its position are one transaction, so nothing before that offset is missing.
 */
final class ResumePositions {

    private static final int FIRST_LOOK = 4;

    private final Plan plan;
    private final Map<Integer, Long> highest = new TreeMap<>();

    ResumePositions(Plan plan) {
        this.plan = plan;
    }

    /** Looks at the ends of a band: a partition's records are in the order of their scored ones. */
    void band(Consumer<byte[], byte[]> reader, OffsetSnapshot band) {
        for (TopicPartition partition : band.to().keySet()) {
            long first = band.from().getOrDefault(partition, 0L);
            long end = band.to().getOrDefault(partition, 0L);
            AtomicBoolean found = new AtomicBoolean();
            for (long look = FIRST_LOOK; end > first && !found.get(); look *= FIRST_LOOK) {
                long begin = Math.max(first, end - look);
                new OffsetSnapshot(band.topic(), Map.of(partition, begin), Map.of(partition, end))
                        .read(reader, record -> note(record, found));
                end = begin;
            }
        }
    }

    /** Records of somebody else say no position. */
    private void note(ConsumerRecord<byte[], byte[]> record, AtomicBoolean found) {
        ScoredPosition at = ScoredPosition.of(record.headers());
        if (at.partition() == record.partition()) {
            highest.merge(at.partition(), at.offset(), Math::max);
            found.set(true);
        }
    }

    /** Looks at a dead letter of any router; those of before letters named their plan are nobody's. */
    void deadLetter(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.key() == null || !plan.getName().equals(HeaderNames.text(record.headers(), HeaderNames.PLAN))) {
                return;
            }
        } catch (IllegalArgumentException e) {
            return;
        }
        List<String> key = List.of(new String(record.key(), StandardCharsets.UTF_8).split("/", -1));
        if (key.size() == 3 && key.get(0).equals(plan.getScoredTopic())) {
            highest.merge(Integer.parseInt(key.get(1)), Long.parseLong(key.get(2)), Math::max);
        }
    }

    /** Returns by partition the offset after the highest; partitions of which nothing was written are absent. */
    Map<Integer, Long> positions() {
        Map<Integer, Long> positions = new TreeMap<>();
        highest.forEach((partition, offset) -> positions.put(partition, offset + 1));
        return positions;
    }
}

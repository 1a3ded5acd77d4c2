package org.bandpass.eval.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetSnapshot;

/**
 * The records of a topic that a report reads: all, or blocks at equal distances in each partition.
 *
 * @param scale offsets of the topic ÷ offsets that are read; 1 where that is all of it
 */
record TopicSample(List<OffsetSnapshot> blocks, double scale) {

    /** Neighbours often come from one file: few long blocks would miss domains. */
    private static final int BLOCKS = 32;

    /** Returns all records of a topic, or of a larger one about {@code most}. */
    static TopicSample of(OffsetSnapshot topic, long most) {
        long total = topic.length();
        if (total <= most) {
            return new TopicSample(List.of(topic), 1);
        }
        List<OffsetSnapshot> blocks = new ArrayList<>();
        for (int block = 0; block < BLOCKS; block++) {
            Map<TopicPartition, Long> from = new LinkedHashMap<>();
            Map<TopicPartition, Long> to = new LinkedHashMap<>();
            for (TopicPartition partition : topic.to().keySet()) {
                long first = topic.from().getOrDefault(partition, 0L);
                long span = topic.to().getOrDefault(partition, first) - first;
                double step = span / (double) BLOCKS;
                long start = first + (long) (block * step);
                long end = first + (long) ((block + 1) * step);
                from.put(partition, start);
                to.put(partition, Math.min(end, start + (long) Math.ceil(step * most / total)));
            }
            blocks.add(new OffsetSnapshot(topic.topic(), from, to));
        }
        long read = blocks.stream().mapToLong(OffsetSnapshot::length).sum();
        return new TopicSample(blocks, total / (double) read);
    }

    void read(Consumer<byte[], byte[]> consumer, OffsetSnapshot.Visitor visitor) {
        blocks.forEach(block -> block.read(consumer, visitor));
    }
}

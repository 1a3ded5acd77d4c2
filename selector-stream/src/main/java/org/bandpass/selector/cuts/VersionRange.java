package org.bandpass.selector.cuts;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.selector.runtime.KafkaCluster;

/** Which versions of the cuts the records of a live plan's band may name, from the ends of its partitions. */
final class VersionRange {

    private static final int FIRST_LOOK = 4;
    private static final int NONE = -1;

    private int first = Integer.MAX_VALUE;
    private int last = NONE;

    VersionRange(KafkaCluster cluster, OffsetSnapshot band) {
        for (TopicPartition partition : band.to().keySet()) {
            // Records of other producers name none.
            ConsumerRecord<byte[], byte[]> named = cluster.last(band, partition, record -> version(record) != NONE);
            if (named != null) {
                first = Math.min(first, first(cluster.reader(), band, partition));
                last = Math.max(last, version(named));
            }
        }
    }

    /** Returns whether a record may name a version. */
    boolean mayContain(int version) {
        return first <= version && version <= last;
    }

    /** Looks further and further from the beginning. */
    private static int first(Consumer<byte[], byte[]> reader, OffsetSnapshot band, TopicPartition partition) {
        long from = band.from().getOrDefault(partition, 0L);
        long end = band.to().getOrDefault(partition, 0L);
        AtomicInteger found = new AtomicInteger(NONE);
        for (long look = FIRST_LOOK; from < end && found.get() == NONE; look *= FIRST_LOOK) {
            long to = Math.min(end, from + look);
            new OffsetSnapshot(band.topic(), Map.of(partition, from), Map.of(partition, to))
                    .read(reader, record -> found.compareAndSet(NONE, version(record)));
            from = to;
        }
        // None where the records were deleted meanwhile.
        return found.get() == NONE ? Integer.MAX_VALUE : found.get();
    }

    private static int version(ConsumerRecord<byte[], byte[]> record) {
        try {
            return HeaderNames.integer(record.headers(), HeaderNames.CUTS_VERSION);
        } catch (IllegalArgumentException e) {
            return NONE;
        }
    }
}

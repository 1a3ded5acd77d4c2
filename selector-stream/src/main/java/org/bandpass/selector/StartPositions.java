package org.bandpass.selector;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetSnapshot;

/**
 * Gives a new group its first positions. The applications never reset offsets by themselves: a position that was lost
 * would silently become the beginning, and everything would be done a second time.
 */
final class StartPositions {

    private StartPositions() {}

    /** Commits the beginning of each partition that the group has no position in. */
    static void complete(Cluster cluster, String group, List<String> topics) {
        Map<TopicPartition, Long> missing = new HashMap<>();
        for (String topic : topics) {
            Map<Integer, Long> committed = cluster.committed(group, topic);
            List<TopicPartition> partitions = OffsetSnapshot.partitionsOf(cluster.reader(), topic);
            Map<TopicPartition, Long> beginnings = cluster.reader().beginningOffsets(partitions);
            for (TopicPartition partition : partitions) {
                if (!committed.containsKey(partition.partition())) {
                    missing.put(partition, beginnings.getOrDefault(partition, 0L));
                }
            }
        }
        if (!missing.isEmpty()) {
            cluster.commit(group, missing);
        }
    }
}

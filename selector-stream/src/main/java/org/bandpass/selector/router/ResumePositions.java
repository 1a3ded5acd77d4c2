package org.bandpass.selector.router;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.score.ScoredPosition;

/**
 * Where the router of a plan resumes by what it has written: after the highest scored offset in its bands and its dead
 * letters, by partition. Its output and its position are one transaction, so nothing before that offset is missing.
 */
final class ResumePositions {

    private final Plan plan;
    private final Map<Integer, Long> positions = new TreeMap<>();

    ResumePositions(Plan plan) {
        this.plan = plan;
    }

    /** Looks at the ends of a band: a partition's records are in the order of their scored ones. */
    void band(KafkaCluster cluster, OffsetSnapshot band) {
        for (TopicPartition partition : band.to().keySet()) {
            // Records of other producers name no position.
            ConsumerRecord<byte[], byte[]> last = cluster.last(
                    band,
                    partition,
                    record -> ScoredPosition.of(record.headers()).partition() == record.partition());
            if (last != null) {
                resumeAfter(
                        partition.partition(), ScoredPosition.of(last.headers()).offset());
            }
        }
    }

    /** Looks at a dead letter of any router; letters of earlier versions do not name their plan. */
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
            resumeAfter(Integer.parseInt(key.get(1)), Long.parseLong(key.get(2)));
        }
    }

    private void resumeAfter(int partition, long offset) {
        positions.merge(partition, offset + 1, Math::max);
    }

    /** Returns an offset by partition; partitions of which nothing was written are absent. */
    Map<Integer, Long> positions() {
        return positions;
    }
}

package org.bandpass.console;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;

/** The scorer's rule: it resumes after the last document that has a score, partition by partition. */
final class ResumeAfterScores implements Resume {

    private final Consumer<byte[], byte[]> reader;
    private final String scoredTopic;

    ResumeAfterScores(Consumer<byte[], byte[]> reader, String scoredTopic) {
        this.reader = reader;
        this.scoredTopic = scoredTopic;
    }

    @Override
    public Point in(Set<TopicPartition> partitions, boolean none) {
        OffsetSnapshot scored = OffsetSnapshot.visible(reader, scoredTopic);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            TopicPartition where = new TopicPartition(scoredTopic, partition.partition());
            ConsumerRecord<byte[], byte[]> last = scored.last(reader, where);
            if (last == null) {
                continue;
            }
            try {
                offsets.put(partition, HeaderNames.longInteger(last.headers(), HeaderNames.SOURCE_OFFSET) + 1);
            } catch (IllegalArgumentException e) {
                return Point.refused("its offsets are gone, and the record at " + where.topic() + " partition "
                        + where.partition() + " offset " + last.offset()
                        + " does not say which document it scores: the scorer refuses to start");
            }
        }
        return Point.after(offsets);
    }
}

package org.bandpass.console;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.ScoreDigest;

/**
 * The calibrator's rule: it reads the scored topic from the beginning and passes over what its state accounts for. The
 * published digests say how much that is.
 */
final class ResumeAfterDigests implements Resume {

    private final Consumer<byte[], byte[]> reader;
    private final String digestTopic;

    ResumeAfterDigests(Consumer<byte[], byte[]> reader, String digestTopic) {
        this.reader = reader;
        this.digestTopic = digestTopic;
    }

    @Override
    public Point in(Set<TopicPartition> partitions, boolean none) {
        Map<TopicPartition, Long> covered = new HashMap<>();
        // What cannot be read accounts for nothing.
        CompactedTopic.read(OffsetSnapshot.visible(reader, digestTopic), reader, ScoreDigest.class, unreadable -> {})
                .values()
                .forEach(digest -> {
                    TopicPartition partition = new TopicPartition(digest.getScoredTopic(), digest.getPartition());
                    if (partitions.contains(partition)) {
                        covered.merge(partition, digest.getCovered(), Math::max);
                    }
                });
        return Point.passingOver(covered);
    }
}

package org.bandpass.console;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.console.Resume.Point;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.ScoreDigest;

/** The rules by which programs resume when their group's offsets are gone, read from what each has written. */
final class ResumeRules {

    private static final AvroSerde<DeadLetter> LETTERS = AvroSerde.of(DeadLetter.class);
    private static final String GONE = "its offsets are gone, and the record at ";

    private final Consumer<byte[], byte[]> reader;

    ResumeRules(Consumer<byte[], byte[]> reader) {
        this.reader = reader;
    }

    /** The scorer resumes after the last document that has a score, partition by partition. */
    Resume afterScores(String scoredTopic) {
        return (partitions, none) -> {
            OffsetSnapshot scored = OffsetSnapshot.visible(reader, scoredTopic);
            Map<TopicPartition, Long> offsets = new HashMap<>();
            for (TopicPartition partition : partitions) {
                ConsumerRecord<byte[], byte[]> last =
                        scored.last(reader, new TopicPartition(scoredTopic, partition.partition()));
                try {
                    if (last != null) {
                        offsets.put(partition, HeaderNames.longInteger(last.headers(), HeaderNames.SOURCE_OFFSET) + 1);
                    }
                } catch (IllegalArgumentException e) {
                    return Point.refused(
                            GONE + where(last) + " does not say which document it scores: the scorer refuses to start");
                }
            }
            return Point.after(offsets);
        };
    }

    /**
     * The calibrator reads the scored topic from the beginning and skips what its state accounts for, as the published digests
     * show. A digest that cannot be read accounts for nothing.
     */
    Resume afterDigests(String digestTopic) {
        return (partitions, none) -> {
            Map<TopicPartition, Long> covered = new HashMap<>();
            CompactedTopic.read(
                            OffsetSnapshot.visible(reader, digestTopic), reader, ScoreDigest.class, unreadable -> {})
                    .values()
                    .forEach(digest -> {
                        TopicPartition partition = new TopicPartition(digest.getScoredTopic(), digest.getPartition());
                        if (partitions.contains(partition)) {
                            covered.merge(partition, digest.getCovered(), Math::max);
                        }
                    });
            return Point.passingOver(covered);
        };
    }

    /**
     * With a frozen plan the router resumes after the last scored record that its bands or dead letters name, partition by
     * partition. With a live plan it refuses where a band holds records, because other cuts would rank the records in between.
     *
     * @param bands topics of the plan's bands, those that exist
     * @param deadLetters topic of the router's dead letters
     */
    Resume afterBands(Plan plan, List<String> bands, String deadLetters) {
        return (partitions, none) -> {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            for (String band : bands) {
                OffsetSnapshot snapshot = OffsetSnapshot.visible(reader, band);
                for (TopicPartition partition : partitions) {
                    ConsumerRecord<byte[], byte[]> last =
                            snapshot.last(reader, new TopicPartition(band, partition.partition()));
                    if (last == null) {
                        continue;
                    }
                    if (plan.getCutMode() == CutMode.LIVE) {
                        return refused(last);
                    }
                    try {
                        long scored = HeaderNames.longInteger(last.headers(), HeaderNames.SCORED_OFFSET);
                        offsets.merge(partition, scored + 1, Math::max);
                    } catch (IllegalArgumentException e) {
                        return Point.refused(GONE + where(last)
                                + " does not say which scored record it is, so it is unknown where the router resumes");
                    }
                }
            }
            if (plan.getCutMode() == CutMode.FROZEN) {
                addDeadLetters(plan, deadLetters, partitions, offsets);
            }
            return Point.after(offsets);
        };
    }

    private static String where(ConsumerRecord<?, ?> record) {
        return record.topic() + " partition " + record.partition() + " offset " + record.offset();
    }

    private static Point refused(ConsumerRecord<?, ?> last) {
        return Point.refused(
                "its offsets are gone while band " + last.topic() + " holds records in partition " + last.partition()
                        + ": the router of a live plan refuses to start, because the cuts have changed since");
    }

    private void addDeadLetters(
            Plan plan, String deadLetters, Set<TopicPartition> partitions, Map<TopicPartition, Long> offsets) {
        OffsetSnapshot.visible(reader, deadLetters).read(reader, record -> {
            // The routers of all plans share the topic.
            if (!plan.getName().equals(HeaderNames.text(record.headers(), HeaderNames.PLAN))) {
                return;
            }
            try {
                DeadLetter letter = LETTERS.read(record.value());
                if (letter.getTopic() != null && letter.getPartition() != null && letter.getOffset() != null) {
                    TopicPartition partition = new TopicPartition(letter.getTopic(), letter.getPartition());
                    if (partitions.contains(partition)) {
                        offsets.merge(partition, letter.getOffset() + 1, Math::max);
                    }
                }
            } catch (SerializationException e) {
                // A letter that cannot be read names no position.
                return;
            }
        });
    }
}

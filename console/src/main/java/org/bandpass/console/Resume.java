package org.bandpass.console;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.ScoreDigest;
import org.jspecify.annotations.Nullable;

/**
 * Where a program resumes in partitions without a committed offset: its group was never there, or the offsets have expired,
 * as they do in a group without members. Each implementation repeats the rule of its program.
 */
interface Resume {

    /** For a program that begins at the beginning. */
    Resume AT_THE_BEGINNING = (partitions, none) -> Point.BEGINNING;

    /**
     * Returns where the program would resume.
     *
     * @param partitions those without a committed offset
     * @param none whether the group has no committed offset at all
     */
    Point in(Set<TopicPartition> partitions, boolean none);

    /**
     * Where it resumes.
     *
     * @param offsets by partition; an absent partition begins at its first record
     * @param covered how many records from there on it skips, because its output accounts for them
     * @param fromOutput whether the program's output shows this
     * @param refusal why it will refuse to start, or why that is unknown; null if it starts
     */
    record Point(
            Map<TopicPartition, Long> offsets,
            Map<TopicPartition, Long> covered,
            boolean fromOutput,
            @Nullable String refusal) {

        static final Point BEGINNING = new Point(Map.of(), Map.of(), false, null);

        private static Point after(Map<TopicPartition, Long> offsets) {
            return new Point(offsets, Map.of(), !offsets.isEmpty(), null);
        }

        static Point refused(String why) {
            return new Point(Map.of(), Map.of(), false, why);
        }

        private static Point refused(ConsumerRecord<?, ?> last, String why) {
            return refused("its offsets are gone, and the record at " + last.topic() + " partition " + last.partition()
                    + " offset " + last.offset() + why);
        }
    }

    /** The scorer resumes after the last document that has a score, partition by partition. */
    static Resume afterScores(Consumer<byte[], byte[]> reader, String scoredTopic) {
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
                    return Point.refused(last, " does not say which document it scores: the scorer refuses to start");
                }
            }
            return Point.after(offsets);
        };
    }

    /**
     * The calibrator reads the scored topic from the beginning and skips the records that its state accounts for, as the
     * published digests show. An unreadable digest accounts for nothing.
     */
    static Resume afterDigests(Consumer<byte[], byte[]> reader, String digestTopic) {
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
            return new Point(Map.of(), covered, !covered.isEmpty(), null);
        };
    }

    /**
     * With a frozen plan the router resumes after the last scored record that its bands or dead letters name, partition by
     * partition. With a live plan it refuses if a band holds records, because other cuts would rank the records in between.
     *
     * @param bands existing topics of the plan's bands
     * @param deadLetters topic of the router's dead letters
     */
    static Resume afterBands(Consumer<byte[], byte[]> reader, Plan plan, List<String> bands, String deadLetters) {
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
                        return Point.refused("its offsets are gone while band " + band + " holds records in partition "
                                + last.partition()
                                + ": the router of a live plan refuses to start, because the cuts have changed since");
                    }
                    try {
                        long scored = HeaderNames.longInteger(last.headers(), HeaderNames.SCORED_OFFSET);
                        offsets.merge(partition, scored + 1, Math::max);
                    } catch (IllegalArgumentException e) {
                        return Point.refused(
                                last,
                                " does not say which scored record it is, so it is unknown where the router resumes");
                    }
                }
            }
            if (plan.getCutMode() == CutMode.FROZEN) {
                addDeadLetters(reader, plan, deadLetters, partitions, offsets);
            }
            return Point.after(offsets);
        };
    }

    private static void addDeadLetters(
            Consumer<byte[], byte[]> reader,
            Plan plan,
            String deadLetters,
            Set<TopicPartition> partitions,
            Map<TopicPartition, Long> offsets) {
        AvroSerde<DeadLetter> serde = AvroSerde.of(DeadLetter.class);
        OffsetSnapshot.visible(reader, deadLetters).read(reader, record -> {
            // The routers of all plans share the topic.
            if (!plan.getName().equals(HeaderNames.text(record.headers(), HeaderNames.PLAN))) {
                return;
            }
            try {
                DeadLetter letter = serde.read(record.value());
                if (letter.getTopic() != null && letter.getPartition() != null && letter.getOffset() != null) {
                    TopicPartition partition = new TopicPartition(letter.getTopic(), letter.getPartition());
                    if (partitions.contains(partition)) {
                        offsets.merge(partition, letter.getOffset() + 1, Math::max);
                    }
                }
            } catch (SerializationException e) {
                // An unreadable letter names no position.
            }
        });
    }
}

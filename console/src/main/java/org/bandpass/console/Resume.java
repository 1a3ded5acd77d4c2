package org.bandpass.console;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where a program resumes in partitions in which its group has no committed offset: it was never there, or the offsets
 * have expired, as they do in a group without members. Each repeats the rule of its program.
 */
interface Resume {

    /** For a program that then begins at the beginning. */
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
     * @param offsets by partition; a partition that is absent begins at its first record
     * @param covered how many records from there on it passes over, because they are accounted for
     * @param fromOutput whether this comes from what the program has written
     * @param refusal why it will refuse to start, or why that is unknown; null where it starts
     */
    record Point(
            Map<TopicPartition, Long> offsets,
            Map<TopicPartition, Long> covered,
            boolean fromOutput,
            @Nullable String refusal) {

        static final Point BEGINNING = new Point(Map.of(), Map.of(), false, null);

        /** After some offsets, which come from the program's output. */
        static Point after(Map<TopicPartition, Long> offsets) {
            return new Point(offsets, Map.of(), !offsets.isEmpty(), null);
        }

        /** At the first records, of which the program's output accounts for some. */
        static Point passingOver(Map<TopicPartition, Long> covered) {
            return new Point(Map.of(), covered, !covered.isEmpty(), null);
        }

        static Point refused(String why) {
            return new Point(Map.of(), Map.of(), false, why);
        }
    }
}

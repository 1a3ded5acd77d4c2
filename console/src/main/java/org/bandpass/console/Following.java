package org.bandpass.console;

import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.schemas.OffsetRange;
import org.jspecify.annotations.Nullable;

/**
 * A program that follows a topic, as one consumer group.
 *
 * @param program which program, in the words of the command line
 * @param group consumer group that its position is committed to
 * @param topic topic that it follows
 * @param concerns which records of the topic are work for it
 * @param resume where it resumes without committed offsets
 * @param training what is known of it as a training, or null
 * @param problem why nothing is known of its work, or null
 */
record Following(
        String program,
        String group,
        String topic,
        Predicate<ConsumerRecord<byte[], byte[]>> concerns,
        Resume resume,
        @Nullable Training training,
        @Nullable String problem) {

    /**
     * A training run.
     *
     * @param ranges what it has to read at all
     * @param state what the trainer says of itself
     * @param done whether it has nothing left to do, whatever its position
     */
    record Training(List<OffsetRange> ranges, String state, boolean done) {}

    /** A program that reads a topic from its beginning without an end. */
    static Following endless(
            String program,
            String group,
            String topic,
            Predicate<ConsumerRecord<byte[], byte[]>> concerns,
            Resume resume) {
        return new Following(program, group, topic, concerns, resume, null, null);
    }

    /** A program of which only the group is known, because the record that describes it cannot be read. */
    static Following unknown(String program, String group, String topic, String problem) {
        return new Following(program, group, topic, record -> false, Resume.AT_THE_BEGINNING, null, problem);
    }

    boolean done() {
        return training != null && training.done();
    }

    /** Returns the ranges of the topic that are its work; empty for the whole topic. */
    List<OffsetRange> ranges() {
        return training == null ? List.of() : training.ranges();
    }
}

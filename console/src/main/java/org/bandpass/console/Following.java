package org.bandpass.console;

import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.schemas.OffsetRange;
import org.jspecify.annotations.Nullable;

/**
 * A program that follows a topic, as one consumer group.
 *
 * @param program its name in {@code lag}
 * @param concerns which records of the topic are work for it
 * @param resume where it resumes without committed offsets
 * @param training null if it is no trainer
 * @param problem why its work is unknown, or null
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
     * @param ranges its snapshot of the topic
     * @param state as the trainer reports it
     * @param done whether it is finished, whatever its position
     */
    record Training(List<OffsetRange> ranges, String state, boolean done) {}

    /** Returns a program that reads a whole topic. */
    static Following endless(
            String program,
            String group,
            String topic,
            Predicate<ConsumerRecord<byte[], byte[]>> concerns,
            Resume resume) {
        return new Following(program, group, topic, concerns, resume, null, null);
    }

    boolean done() {
        return training != null && training.done();
    }

    /** Returns the ranges of the topic that are its work, or none for the whole topic. */
    List<OffsetRange> ranges() {
        return training == null ? List.of() : training.ranges();
    }
}

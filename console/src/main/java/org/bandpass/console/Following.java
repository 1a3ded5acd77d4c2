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
 * @param ranges what it has to read at all; empty for the whole topic
 * @param state what the program says of itself, or null where only its group is known
 * @param done whether it has nothing left to do, whatever its position
 */
record Following(
        String program,
        String group,
        String topic,
        Predicate<ConsumerRecord<byte[], byte[]>> concerns,
        List<OffsetRange> ranges,
        @Nullable String state,
        boolean done) {

    /** A program that reads a topic from its beginning and never ends. */
    static Following endless(
            String program, String group, String topic, Predicate<ConsumerRecord<byte[], byte[]>> concerns) {
        return new Following(program, group, topic, concerns, List.of(), null, false);
    }
}

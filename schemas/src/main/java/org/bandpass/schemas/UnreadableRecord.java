package org.bandpass.schemas;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.NullMarked;

/**
 * The latest record of a key in a compacted topic, where it cannot be read.
 *
 * @param topic full name
 * @param partition its partition
 * @param offset its offset
 * @param key its key
 * @param why what is wrong with it
 */
@NullMarked
public record UnreadableRecord(String topic, int partition, long offset, String key, SerializationException why) {

    /** Decides what happens to a record that cannot be read; what it throws ends the reading. */
    public interface Visitor {
        void visit(UnreadableRecord record);
    }

    /** Ends the reading at the first such record, with its place in the message. */
    public static Visitor stop() {
        return record -> {
            throw record.failure("");
        };
    }

    /** Skips the records at some positions and ends the reading at any other. */
    public static Visitor stopUnlessAt(DeadLetterPositions positions) {
        return record -> {
            if (!positions.contains(record.topic, record.partition, record.offset)) {
                throw record.failure(", or skip it with --set " + DeadLetterPositions.SETTING + "="
                        + DeadLetterPositions.name(record.topic, record.partition, record.offset));
            }
        };
    }

    /** Returns where the record is and what is wrong with it, a sentence without its end. */
    public String sentence() {
        return "the record at " + topic + " partition " + partition + " offset " + offset + " (key " + key
                + ") cannot be read: " + why.getMessage();
    }

    private SerializationException failure(String otherwise) {
        return new SerializationException(
                sentence() + "; use the version of Bandpass that wrote it, write its key again" + otherwise, why);
    }
}

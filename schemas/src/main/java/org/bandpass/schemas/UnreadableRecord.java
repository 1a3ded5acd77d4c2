package org.bandpass.schemas;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.NullMarked;

/**
 * The latest record of a key in a compacted topic, if it cannot be read.
 *
 * @param topic full name
 * @param why why it cannot be read
 */
@NullMarked
public record UnreadableRecord(String topic, int partition, long offset, String key, SerializationException why) {

    /** Receives a record that cannot be read; an exception ends the reading. */
    public interface Visitor {
        void visit(UnreadableRecord record);
    }

    /** Returns a visitor that ends the reading; the message says where the record is. */
    public static Visitor stop() {
        return record -> {
            throw record.failure("");
        };
    }

    /** Returns a visitor that skips the records at some positions and ends the reading at any other. */
    public static Visitor stopUnlessAt(DeadLetterPositions positions) {
        return record -> {
            if (!positions.contains(record.topic, record.partition, record.offset)) {
                throw record.failure(", or skip it with --set " + DeadLetterPositions.SETTING + "="
                        + DeadLetterPositions.name(record.topic, record.partition, record.offset));
            }
        };
    }

    /** Returns where the record is and why it cannot be read, without a full stop. */
    public String sentence() {
        return "the record at " + topic + " partition " + partition + " offset " + offset + " (key " + key
                + ") cannot be read: " + why.getMessage();
    }

    private SerializationException failure(String otherwise) {
        return new SerializationException(
                sentence() + "; use the version of Bandpass that wrote it, write its key again" + otherwise, why);
    }
}

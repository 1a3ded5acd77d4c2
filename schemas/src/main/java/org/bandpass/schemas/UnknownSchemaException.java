package org.bandpass.schemas;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.NullMarked;

/**
 * Says that a record's schema is unknown: an unknown fingerprint after Avro's marker, or a Confluent id that the
 * registry does not know. Usually a newer version of Bandpass wrote it during an upgrade, so a program stops rather
 * than treat the record as damaged.
 */
@NullMarked
public final class UnknownSchemaException extends SerializationException {

    private final String schema;

    UnknownSchemaException(String schema) {
        super("the record's schema is unknown (" + schema + ")");
        this.schema = schema;
    }

    /** Returns the schema's fingerprint, or its id in the registry, for example {@code "fingerprint 3f1a…"}. */
    public String schema() {
        return schema;
    }

    /** Returns the message with which a program stops at this record. */
    public String at(String topic, int partition, long offset) {
        return "the record at " + topic + " partition " + partition + " offset " + offset
                + " has an unknown schema (" + schema
                + "), probably of a newer version of Bandpass; nothing after it was"
                + " read. Upgrade this program, or let the record become a dead letter with --set "
                + DeadLetterPositions.SETTING + "=" + DeadLetterPositions.name(topic, partition, offset);
    }
}

package org.bandpass.schemas;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Says that a record's schema is not known here: Avro's marker with an unknown fingerprint, or a Confluent id that the
 * registry does not know. Usually a newer version of Bandpass wrote it during an upgrade, so a program stops rather than
 * treat the record as damaged.
 */
@NullMarked
public final class UnknownSchemaException extends SerializationException {

    private static final long serialVersionUID = 1;

    private final String schema;

    /**
     * Names the schema.
     *
     * @param schema for example {@code "fingerprint 3f1a…"}
     */
    UnknownSchemaException(String schema) {
        super("the record's schema is unknown (" + schema + ")");
        this.schema = schema;
    }

    /** Returns the name of the schema for people: its fingerprint, or its id in the registry. */
    public String schema() {
        return schema;
    }

    /** Returns the sentence with which a program stops at this record. */
    public String at(String topic, int partition, long offset) {
        return "the record at " + topic + " partition " + partition + " offset " + offset
                + " has an unknown schema (" + schema
                + "), probably of a newer version of Bandpass; nothing after it was"
                + " read. Upgrade this program, or let the record become a dead letter with --set "
                + DeadLetterPositions.SETTING + "=" + DeadLetterPositions.name(topic, partition, offset);
    }

    public static @Nullable UnknownSchemaException in(Throwable failure) {
        return ClientFailure.cause(failure, UnknownSchemaException.class);
    }
}

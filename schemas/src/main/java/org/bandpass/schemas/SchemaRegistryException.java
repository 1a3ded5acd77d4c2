package org.bandpass.schemas;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with the schema registry; clients wrap it in words about the record that they were reading. */
@NullMarked
public final class SchemaRegistryException extends KafkaException {

    private static final long serialVersionUID = 1;

    SchemaRegistryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public static @Nullable SchemaRegistryException in(Throwable failure) {
        return ClientFailure.cause(failure, SchemaRegistryException.class);
    }
}

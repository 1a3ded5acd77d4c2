package org.bandpass.schemas;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with the schema registry; clients add which record they were reading. */
@NullMarked
public final class SchemaRegistryException extends KafkaException {

    SchemaRegistryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

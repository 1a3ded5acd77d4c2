package org.bandpass.schemas;

import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.NullMarked;

/** Says that a topic cannot be read to its end because a transaction stays open. */
@NullMarked
public final class OpenTransactionException extends KafkaException {

    OpenTransactionException(TopicPartition partition, long position, Duration patience) {
        super("partition " + partition.partition() + " of topic " + partition.topic()
                + " has a transaction that was open for " + patience.toSeconds() + " s, at offset " + position
                + ": end the program that writes it, or abort it with kafka-transactions");
    }
}

package org.bandpass.schemas;

import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.NullMarked;

/** Says that a topic could not be read to an end that it had. */
@NullMarked
public final class StalledReadException extends KafkaException {

    private static final long serialVersionUID = 1;

    StalledReadException(TopicPartition partition, long position, long end, Duration patience) {
        super("partition " + partition.partition() + " of topic " + partition.topic()
                + " could not be read on from offset "
                + position + " to its end at " + end + " for " + patience.toSeconds()
                + " s: either a transaction is open there (end the program that writes it, or abort it with"
                + " kafka-transactions), or the broker does not answer");
    }
}

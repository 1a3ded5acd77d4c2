package org.bandpass.schemas;

import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.NullMarked;

/** Says that a job has waited for the cluster for as long as its patience allows. */
@NullMarked
public final class OutageException extends KafkaException {

    OutageException(Duration patience, Throwable cause) {
        super(
                "the cluster has not answered for " + patience.toSeconds() + " s (outage.patience.ms): "
                        + ClientFailure.words(cause) + "; run this job again when it does",
                cause);
    }
}

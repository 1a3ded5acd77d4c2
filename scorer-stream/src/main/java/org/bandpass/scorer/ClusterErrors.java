package org.bandpass.scorer;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Tells what Kafka's errors mean to the program, and says it in a sentence. */
final class ClusterErrors {

    private ClusterErrors() {}

    /** Returns whether trying again is of no use. */
    static boolean isFatal(KafkaException thrown) {
        return find(thrown, ProducerFencedException.class) != null
                || find(thrown, AuthorizationException.class) != null
                || find(thrown, OutOfOrderSequenceException.class) != null
                || find(thrown, UnsupportedVersionException.class) != null
                || find(thrown, InterruptException.class) != null;
    }

    /** Returns what happened to a write. */
    static String words(KafkaException thrown) {
        if (find(thrown, ProducerFencedException.class) != null
                || find(thrown, InvalidProducerEpochException.class) != null) {
            return "the broker has ended this member's transaction, probably because the process stood still for longer"
                    + " than transaction.timeout.ms";
        }
        return String.valueOf(thrown.getMessage());
    }

    /**
     * Runs something that needs the cluster.
     *
     * @throws ProgramFailure in place of Kafka's errors
     */
    static void guard(String servers, Runnable work) {
        try {
            work.run();
        } catch (KafkaException | IllegalStateException e) {
            if (find(e, TimeoutException.class) != null) {
                throw ProgramFailure.noBroker(servers, e);
            }
            throw new ProgramFailure(
                    e instanceof KafkaException
                            ? "cannot use the cluster at " + servers + ": " + e.getMessage()
                            : e.getMessage(),
                    e);
        }
    }

    private static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}

package org.bandpass.selector.runtime;

import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.LockException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.SchemaRegistryException;
import org.bandpass.service.ProgramFailure;

/** Distinguishes failures that may pass with new clients from permanent ones. */
public final class TransientFailure {

    private static final List<Class<? extends RuntimeException>> OF_STREAMS =
            List.of(LockException.class, TaskMigratedException.class, SchemaRegistryException.class);
    /**
     * After a commit timed out, a transactional producer refuses all calls with exceptions thrown in these packages.
     */
    private static final String CLIENTS = "org.apache.kafka.clients.";

    private TransientFailure() {}

    /** Returns whether new clients may work. */
    static boolean is(Throwable failure) {
        ClientFailure kind = ClientFailure.of(failure);
        if (kind == ClientFailure.FATAL || ClientFailure.cause(failure, ProgramFailure.class) != null) {
            return false;
        }
        boolean passing = kind == ClientFailure.AWAY
                || kind == ClientFailure.GIVEN_UP
                || OF_STREAMS.stream().anyMatch(type -> ClientFailure.cause(failure, type) != null);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            passing |= isOfAClient(cause);
        }
        return passing;
    }

    private static boolean isOfAClient(Throwable cause) {
        boolean kind = cause instanceof IllegalStateException || cause.getClass() == KafkaException.class;
        StackTraceElement[] trace = cause.getStackTrace();
        return kind && trace.length > 0 && trace[0].getClassName().startsWith(CLIENTS);
    }

    /** Returns the message of the root cause. */
    public static String root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}

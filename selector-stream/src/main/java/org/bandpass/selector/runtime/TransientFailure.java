package org.bandpass.selector.runtime;

import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.LockException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.SchemaRegistryException;
import org.bandpass.service.ProgramFailure;

/** Tells failures that new clients may not have from those that every attempt has. */
public final class TransientFailure {

    private static final List<Class<? extends RuntimeException>> OF_STREAMS =
            List.of(LockException.class, TaskMigratedException.class, SchemaRegistryException.class);
    /** A transactional producer whose commit has timed out refuses all further calls with exceptions thrown there. */
    private static final String CLIENTS = "org.apache.kafka.clients.";

    private TransientFailure() {}

    /** Returns whether new clients may work. */
    static boolean is(Throwable failure) {
        ClientFailure kind = ClientFailure.of(failure);
        boolean passing = kind == ClientFailure.AWAY || kind == ClientFailure.GIVEN_UP;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProgramFailure) {
                return false;
            }
            Throwable each = cause;
            passing |= OF_STREAMS.stream().anyMatch(type -> type.isInstance(each)) || isOfAClient(cause);
        }
        return passing && kind != ClientFailure.FATAL;
    }

    private static boolean isOfAClient(Throwable cause) {
        boolean kind = cause instanceof IllegalStateException || cause.getClass() == KafkaException.class;
        StackTraceElement[] trace = cause.getStackTrace();
        return kind && trace.length > 0 && trace[0].getClassName().startsWith(CLIENTS);
    }

    /** Returns what went wrong first, in words. */
    public static String root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}

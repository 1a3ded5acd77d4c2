package org.bandpass.schemas;

import java.util.List;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Meaning of a failure of Kafka's plain clients for a program. */
@NullMarked
public enum ClientFailure {
    /** No broker answers in time, or it is not ready yet. New clients will work later. */
    AWAY,
    /**
     * The cluster has given up the client: its transaction ended after a stall, or it lost its place in the group. New
     * clients work at once, if no other program uses the transactional id or the group's member.
     */
    GIVEN_UP,
    /** Another failure, which may be temporary. */
    REFUSED,
    /** Another attempt would fail in the same way. */
    FATAL;

    private static final List<Class<? extends Throwable>> HOPELESS = List.of(
            AuthorizationException.class,
            AuthenticationException.class,
            UnsupportedVersionException.class,
            ConfigException.class,
            InvalidConfigurationException.class,
            RecordTooLargeException.class,
            InvalidRecordException.class,
            InterruptException.class,
            OutageException.class);

    private static final List<Class<? extends Throwable>> LOST_PLACE = List.of(
            ProducerFencedException.class,
            InvalidProducerEpochException.class,
            InvalidPidMappingException.class,
            InvalidTxnStateException.class,
            OutOfOrderSequenceException.class,
            TransactionAbortableException.class,
            CommitFailedException.class,
            RebalanceInProgressException.class,
            UnknownMemberIdException.class,
            IllegalGenerationException.class,
            FencedMemberEpochException.class,
            StaleMemberEpochException.class);

    /** Returns the meaning of a failure by its causes; a failure without a cause in Kafka is fatal. */
    public static ClientFailure of(Throwable failure) {
        if (isAny(failure, HOPELESS)) {
            return FATAL;
        }
        if (isAny(failure, LOST_PLACE)) {
            return GIVEN_UP;
        }
        if (cause(failure, RetriableException.class) != null) {
            return AWAY;
        }
        return cause(failure, KafkaException.class) == null ? FATAL : REFUSED;
    }

    /** Returns a failure's message, and that of its root cause if it differs. */
    public static String words(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String first = message(failure);
        String last = message(root);
        return first.contains(last) ? first : first + ": " + last;
    }

    /** Returns the first exception of a type among a failure and its causes, or null. */
    public static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    /** Returns whether a failure or one of its causes has one of the types. */
    public static boolean isAny(Throwable failure, List<Class<? extends Throwable>> types) {
        return types.stream().anyMatch(type -> cause(failure, type) != null);
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : message;
    }
}

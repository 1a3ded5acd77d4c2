package org.bandpass.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Outage;
import org.bandpass.schemas.OutageException;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Writes records in transactions and keeps each until the cluster has it. What an outage, a time-out or an expired
 * transactional id has ended is sent again by a new producer, unless it turns out to be there. Used by one thread.
 */
final class TransactionWriter implements AutoCloseable {

    /** A record that is to be written, made anew each time it is sent. */
    interface Pending {
        ProducerRecord<byte[], byte[]> record();

        /**
         * Returns what is written in place of a record that is too large for the cluster, or null where nothing can be.
         *
         * @param why what the cluster says
         */
        default @Nullable Pending smaller(String why) {
            return null;
        }
    }

    /** What whoever initialises the same transactional id causes, and a transaction that the cluster has timed out. */
    private static final List<Class<? extends Exception>> ENDED_BY_OTHERS =
            List.of(ProducerFencedException.class, InvalidProducerEpochException.class, InvalidTxnStateException.class);

    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final ProgressEnd progress;
    private final Duration timeout;
    private final Outage outage;
    private final Stop stop;
    private final List<Pending> pending = new ArrayList<>();
    private Producer<byte[], byte[]> producer;
    private Attempt attempt;
    private boolean open;
    private long openSince;

    /**
     * Begins without a transaction. From now on no other ingest of the same name can write.
     *
     * @param producers makes producers of the ingest's transactional id
     * @param progress knows what others of the same name have written
     * @param timeout how long the cluster lets a transaction be open
     * @param patience how long an outage may last; null without limit
     * @param stop ends the waiting
     */
    TransactionWriter(
            Supplier<Producer<byte[], byte[]>> producers,
            ProgressEnd progress,
            Duration timeout,
            @Nullable Duration patience,
            Stop stop) {
        this.producers = producers;
        this.progress = progress;
        this.timeout = timeout;
        this.outage = new Outage(patience, stop::requested);
        this.stop = stop;
        this.producer = producers.get();
        this.attempt = new Attempt(progress.topic());
        try {
            producer.initTransactions();
        } catch (KafkaException e) {
            close();
            throw e;
        }
    }

    /** How far an attempt to send a transaction got. The producer's thread updates it. */
    private static final class Attempt {

        private final String progressTopic;
        /** Where the progress in it is. */
        private final Set<Long> offsets = ConcurrentHashMap.newKeySet();

        private volatile @Nullable RuntimeException failure;
        private volatile int tooLarge = -1;

        Attempt(String progressTopic) {
            this.progressTopic = progressTopic;
        }

        synchronized void completed(int index, String topic, @Nullable RecordMetadata written, @Nullable Exception e) {
            if (e != null) {
                boolean large = e instanceof RecordTooLargeException || e instanceof RecordBatchTooLargeException;
                tooLarge = large && tooLarge < 0 ? index : tooLarge;
                if (failure == null || large) {
                    failure = e instanceof RuntimeException known ? known : new KafkaException(e);
                }
            } else if (written != null && topic.equals(progressTopic)) {
                offsets.add(written.offset());
            }
        }

        synchronized void failed(RuntimeException e) {
            failure = failure == null ? e : failure;
        }

        /** Returns an attempt that failed before anything was sent, while it is not known what became of this one. */
        Attempt failedAgain(RuntimeException e) {
            Attempt next = new Attempt(progressTopic);
            next.offsets.addAll(offsets);
            next.failed(e);
            return next;
        }
    }

    /** Notes that a transaction is open, which it may be without a record. */
    void begin() {
        if (!open) {
            open = true;
            openSince = System.nanoTime();
            attempt = new Attempt(progress.topic());
            attempted(producer::beginTransaction);
        }
    }

    /** Adds a record to the transaction; whether the cluster takes it is seen when that is committed. */
    void add(Pending record) {
        begin();
        pending.add(record);
        attempted(() -> send(pending.size() - 1));
    }

    /** Does what fails for good until the next attempt. */
    private void attempted(Runnable step) {
        if (attempt.failure == null) {
            try {
                step.run();
            } catch (KafkaException e) {
                attempt.failed(e);
            }
        }
    }

    private void send(int index) {
        ProducerRecord<byte[], byte[]> record = pending.get(index).record();
        Attempt current = attempt;
        producer.send(record, (written, e) -> current.completed(index, record.topic(), written, e));
    }

    boolean isOpen() {
        return open;
    }

    /** Returns for how long the transaction is open. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - openSince);
    }

    /**
     * Commits the transaction, however long the cluster is away.
     *
     * @return whether it is committed, rather than a stop requested before
     * @throws ProgramFailure if the cluster refuses it for good, another ingest of the same name has begun, or the
     *     outage lasts too long
     */
    boolean commit() {
        RuntimeException failure = finish();
        while (failure != null) {
            if (attempt.tooLarge >= 0) {
                replace(attempt.tooLarge, failure);
            } else {
                outlive(failure);
            }
            if (stop.requested() && attempt.tooLarge < 0) {
                return false;
            }
            failure = again();
        }
        outage.worked();
        progress.committed(attempt.offsets);
        pending.clear();
        open = false;
        return true;
    }

    private @Nullable RuntimeException finish() {
        attempted(() -> Clients.commit(producer));
        return attempt.failure;
    }

    /** Waits until another attempt may help. */
    private void outlive(RuntimeException failure) {
        try {
            // Before its time-out nobody ends a transaction but another ingest of the same name.
            if (age().compareTo(timeout) < 0 && isEndedByOthers(failure)) {
                throw progress.takenOver(failure);
            }
            outage.outlive(failure);
        } catch (OutageException e) {
            throw new ProgramFailure(e.getMessage() + ". What is committed stays, and it resumes after that", e);
        } catch (ProgramFailure e) {
            abort();
            throw e;
        } catch (RuntimeException e) {
            abort();
            throw new ProgramFailure(
                    "the cluster does not take the documents: " + ClientFailure.words(e)
                            + ". What is committed stays; a second run resumes after it, once the reason is gone",
                    e);
        }
    }

    private static boolean isEndedByOthers(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            for (Class<? extends Exception> kind : ENDED_BY_OTHERS) {
                if (kind.isInstance(cause)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void replace(int index, RuntimeException failure) {
        Pending large = pending.get(index);
        Pending smaller = large.smaller(ClientFailure.words(failure));
        if (smaller == null) {
            abort();
            throw new ProgramFailure(
                    "a record is too large for topic " + large.record().topic() + " (" + ClientFailure.words(failure)
                            + "): raise max.message.bytes of the topic. What is committed stays; a second run resumes"
                            + " after it, once the limit is raised",
                    failure);
        }
        pending.set(index, smaller);
    }

    /** Sends all of the transaction once more; returns why that failed, or null. */
    private @Nullable RuntimeException again() {
        Attempt before = attempt;
        try {
            if (before.tooLarge < 0 || !abort()) {
                producer.close(Duration.ZERO);
                progress.requireOurs(before.offsets, false);
                producer = producers.get();
                producer.initTransactions();
                // The transaction is decided now. Its commit may have been carried out and only the answer lost.
                if (progress.requireOurs(before.offsets, true)) {
                    return null;
                }
            }
        } catch (KafkaException e) {
            attempt = before.failedAgain(e);
            return e;
        }
        attempt = new Attempt(progress.topic());
        attempted(producer::beginTransaction);
        for (int i = 0; i < pending.size(); i++) {
            int index = i;
            attempted(() -> send(index));
        }
        return finish();
    }

    /** Returns whether the transaction is ended; if not, its time-out ends it, or the next ingest of this name does. */
    private boolean abort() {
        try {
            producer.abortTransaction();
            return true;
        } catch (KafkaException | IllegalStateException e) {
            return false;
        }
    }

    @Override
    public void close() {
        producer.close(open ? Duration.ZERO : CLOSING);
    }
}

package org.bandpass.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
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
 * Writes records in transactions and keeps them until they are committed. After an outage, a time-out or the expiry of
 * the transactional id, a new producer sends the transaction again, unless it was committed. Used by one thread.
 */
final class TransactionWriter implements AutoCloseable {

    /**
     * A record to be written.
     *
     * @param record makes the record, each time it is sent
     * @param smaller returns a replacement if the record is too large for the cluster, given the cluster's message; or
     *     null
     */
    record Pending(Supplier<ProducerRecord<byte[], byte[]>> record, Function<String, @Nullable Pending> smaller) {}

    /** Caused by another producer with the same transactional id, or by a time-out of the transaction. */
    private static final List<Class<? extends Throwable>> ENDED_BY_OTHERS =
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
     * Prepares to write. From now on no other ingest of the same name can write.
     *
     * @param producers makes producers of the ingest's transactional id
     * @param progress finds what other ingests of the same name have written
     * @param timeout after which the cluster aborts an open transaction
     * @param patience how long an outage may last; null for no limit
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

    /** State of one attempt to send a transaction; updated by the producer's thread. */
    private static final class Attempt {

        private final String progressTopic;
        /** Offsets of its progress records. */
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

        /** Returns an attempt that failed before anything was sent; whether this one was committed is still unknown. */
        Attempt failedAgain(RuntimeException e) {
            Attempt next = new Attempt(progressTopic);
            next.offsets.addAll(offsets);
            next.failed(e);
            return next;
        }
    }

    /** Opens a transaction if none is open. */
    void begin() {
        if (!open) {
            open = true;
            openSince = System.nanoTime();
            attempt = new Attempt(progress.topic());
            attempted(producer::beginTransaction);
        }
    }

    void add(ProducerRecord<byte[], byte[]> record) {
        add(new Pending(() -> record, why -> null));
    }

    /** Sends a record in the transaction; failures appear when it is committed. */
    void add(Pending record) {
        begin();
        pending.add(record);
        attempted(() -> send(pending.size() - 1));
    }

    /** Runs a step unless the attempt has failed. */
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
        ProducerRecord<byte[], byte[]> record = pending.get(index).record().get();
        Attempt current = attempt;
        producer.send(record, (written, e) -> current.completed(index, record.topic(), written, e));
    }

    boolean isOpen() {
        return open;
    }

    /** Returns how long the transaction has been open. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - openSince);
    }

    /**
     * Commits the transaction; waits while the cluster is away.
     *
     * @return whether it is committed; false if a stop was requested first
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

    /** Waits until another attempt may succeed. */
    private void outlive(RuntimeException failure) {
        // Before its time-out only another ingest of the same name ends a transaction.
        if (age().compareTo(timeout) < 0 && ClientFailure.isAny(failure, ENDED_BY_OTHERS)) {
            abort();
            throw progress.takenOver(failure);
        }
        try {
            outage.outlive(failure);
        } catch (OutageException e) {
            throw new ProgramFailure(e.getMessage() + ". What is committed stays, and it resumes after that", e);
        } catch (RuntimeException e) {
            abort();
            throw new ProgramFailure(
                    "the cluster does not take the documents: " + ClientFailure.words(e)
                            + ". What is committed stays; fix the cause, then the next run resumes after it",
                    e);
        }
    }

    private void replace(int index, RuntimeException failure) {
        Pending large = pending.get(index);
        Pending smaller = large.smaller().apply(ClientFailure.words(failure));
        if (smaller == null) {
            abort();
            throw new ProgramFailure(
                    "a record is too large for topic " + large.record().get().topic() + " ("
                            + ClientFailure.words(failure)
                            + "): raise max.message.bytes of the topic. What is committed"
                            + " stays; the next run resumes after it",
                    failure);
        }
        pending.set(index, smaller);
    }

    /** Sends the whole transaction again; returns the failure, or null. */
    private @Nullable RuntimeException again() {
        Attempt before = attempt;
        try {
            if (before.tooLarge < 0 || !abort()) {
                producer.close(Duration.ZERO);
                progress.requireOurs(before.offsets, false);
                producer = producers.get();
                producer.initTransactions();
                // The transaction is decided now. It may be committed, and only the answer lost.
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

    /** Returns whether the transaction was aborted; if not, its time-out or the next ingest of this name aborts it. */
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

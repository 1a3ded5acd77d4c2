package org.bandpass.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.bandpass.ingest.Decision.Accepted;
import org.bandpass.ingest.Decision.Begun;
import org.bandpass.ingest.Decision.Closed;
import org.bandpass.ingest.Decision.Ended;
import org.bandpass.ingest.Decision.Passed;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.ingest.FileStart.State;
import org.bandpass.ingest.IngestSettings.Batch;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Carries out decisions in transactions, each of which holds documents, dead letters and the position behind them: all
 * of it is there or none, and reading goes on exactly where what is there ends. Used by one thread.
 */
final class DocumentTransactions {

    /** What dead letters and transactional ids call this program. */
    static final String PROGRAM = "ingest";

    /** A killed ingest's transaction is in the way of all readers, so it must end soon; a slow commit must not. */
    private static final int COMMIT_MILLIS = 30_000;

    private static final Duration IDLE = Duration.ofMillis(100);
    private static final double NANOS = 1e9;

    private final Topics topics;
    private final Batch batch;
    private final String name;
    private final Producer<byte[], byte[]> producer;
    private final UnitRecords units;
    private final IngestOutput output;
    private final AvroSerde<IngestProgress> progress = AvroSerde.of(IngestProgress.class);
    private final AvroSerde<DeadLetter> letters = AvroSerde.of(DeadLetter.class);
    private @Nullable FileTally file;
    private boolean unsaid;
    private long fileSince;
    private boolean open;
    private boolean closed;
    private long openSince;
    private int records;
    private long bytes;

    /**
     * Begins without a transaction.
     *
     * @param name name of the ingest
     * @param producer has had its transactions initialised
     * @param units makes records of documents
     */
    DocumentTransactions(
            IngestSettings settings,
            String name,
            Producer<byte[], byte[]> producer,
            UnitRecords units,
            IngestOutput output) {
        this.topics = settings.topics();
        this.batch = settings.batch();
        this.name = name;
        this.producer = producer;
        this.units = units;
        this.output = output;
    }

    /** Returns how long the cluster lets a transaction be open. */
    static int timeoutMillis(Batch batch) {
        return batch.millis() + COMMIT_MILLIS;
    }

    /**
     * Carries out what is decided until all sources are read or a stop is requested; what was decided by then is
     * committed.
     *
     * @return whether all sources were read
     * @throws ProgramFailure if the cluster takes no more, or another ingest of the same name has begun
     */
    boolean carryOut(ReadingThread reader, Stop stop) {
        try {
            while (!closed && !stop.requested()) {
                List<Decision> decisions = reader.poll(untilDue());
                if (decisions != null) {
                    decisions.forEach(this::carryOut);
                }
                commitIfDue();
            }
            commit();
            return closed;
        } catch (KafkaException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted; a second run goes on where this one ended", e);
        }
    }

    private void carryOut(Decision decision) {
        if (decision instanceof Accepted document) {
            admitted(document);
        } else if (decision instanceof Refused refused) {
            refused(refused);
        } else if (decision instanceof Passed passed) {
            decided(0);
            file().passed();
            output.passed(passed.kind());
        } else if (decision instanceof Begun begun) {
            begun(begun.file());
        } else if (decision instanceof Ended ended) {
            ended(ended.complete());
        } else {
            closed((Closed) decision);
        }
        commitIfDue();
    }

    private void begun(FileStart start) {
        file = new FileTally(name, start);
        fileSince = System.nanoTime();
        unsaid = false;
        output.begun(start);
    }

    private void admitted(Accepted document) {
        List<ProducerRecord<byte[], byte[]>> made = units.of(document);
        decided(made.stream().mapToInt(record -> record.value().length).sum());
        made.forEach(producer::send);
        file().admitted(document.part());
        output.admitted(document);
    }

    private void refused(Refused refusal) {
        long position = file().position();
        boolean news = file().refused(refusal.reason());
        output.refused(file().source(), position, refusal);
        if (news) {
            byte[] content = refusal.content();
            decided(content == null ? 0 : content.length);
            if (refusal.reason().isFiled()) {
                String source = file().source().name();
                producer.send(new ProducerRecord<>(
                        topics.deadLetters(PROGRAM).name(),
                        (source + "#" + position).getBytes(StandardCharsets.UTF_8),
                        letters.write(letter(refusal, source, position))));
            }
        }
    }

    private static DeadLetter letter(Refused refusal, String source, long position) {
        byte[] content = refusal.content();
        return DeadLetter.newBuilder()
                .setProgram(PROGRAM)
                .setReason(refusal.reason().word())
                .setDetail(refusal.detail())
                .setFile(source)
                .setPosition(position)
                .setContent(content == null ? null : ByteBuffer.wrap(content))
                .build();
    }

    private void ended(boolean complete) {
        if (file().state() == State.FINISHED) {
            output.skipped();
        } else if (complete) {
            decided(0);
            file().finished();
            output.finished(file());
        }
        sendProgress();
        file = null;
    }

    private void closed(Closed last) {
        if (last.failure() != null) {
            commit();
            throw new IllegalStateException("reading failed: " + last.failure(), last.failure());
        }
        closed = true;
    }

    private FileTally file() {
        return Objects.requireNonNull(file, "a decision outside of a file");
    }

    /** Notes that something of the file was decided which the cluster does not know yet. */
    private void decided(int recordBytes) {
        if (!open) {
            producer.beginTransaction();
            open = true;
            openSince = System.nanoTime();
        }
        unsaid = true;
        records++;
        bytes += recordBytes;
    }

    private void sendProgress() {
        if (!unsaid || file().state() == State.UNREADABLE) {
            return;
        }
        long now = System.nanoTime();
        file().spent((now - fileSince) / NANOS);
        fileSince = now;
        producer.send(new ProducerRecord<>(
                topics.ingestProgress().name(),
                PackingProgress.key(name, file().source().name()),
                progress.write(file().progress())));
        unsaid = false;
    }

    private void commitIfDue() {
        if (open && (records >= batch.records() || bytes >= batch.bytes() || age().toMillis() >= batch.millis())) {
            commit();
        }
    }

    private void commit() {
        if (!open) {
            return;
        }
        if (file != null) {
            sendProgress();
        }
        units.state().forEach(producer::send);
        Clients.commit(producer);
        open = false;
        records = 0;
        bytes = 0;
        output.committed(age());
    }

    private Duration untilDue() {
        Duration rest = open ? Duration.ofMillis(batch.millis()).minus(age()) : IDLE;
        return rest.compareTo(IDLE) > 0 ? IDLE : rest.isNegative() ? Duration.ZERO : rest;
    }

    private Duration age() {
        return Duration.ofNanos(System.nanoTime() - openSince);
    }

    private ProgramFailure failure(KafkaException e) {
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException more) {
            // The transaction's timeout ends it, or the next ingest of this name does.
            e.addSuppressed(more);
        }
        String rest = "what is committed stays, and a second run goes on behind it";
        if (!isEndedByOthers(e)) {
            return new ProgramFailure("the cluster did not take the documents: " + e.getMessage() + "; " + rest, e);
        }
        if (open && age().toMillis() >= timeoutMillis(batch)) {
            return new ProgramFailure(
                    "the cluster took longer than " + age().toSeconds() + " s for one transaction and gave it up; "
                            + rest,
                    e);
        }
        return new ProgramFailure(
                "another ingest with the name '" + name + "' has begun and takes over; this one ends, and what it has"
                        + " committed stays. Ingests that run at the same time need a --name each",
                e);
    }

    /** Whoever initialises the same transactional id ends the transaction; the next request finds one of these. */
    private static boolean isEndedByOthers(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException
                    || cause instanceof InvalidProducerEpochException
                    || cause instanceof InvalidTxnStateException) {
                return true;
            }
        }
        return false;
    }
}

package org.bandpass.ingest;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.ingest.Decision.Accepted;
import org.bandpass.ingest.Decision.Admitted;
import org.bandpass.ingest.Decision.Begun;
import org.bandpass.ingest.Decision.Closed;
import org.bandpass.ingest.Decision.Ended;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.ingest.Decision.Skipped;
import org.bandpass.ingest.IngestSettings.Batch;
import org.bandpass.ingest.TransactionWriter.Pending;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.bandpass.sources.EarlierRead;
import org.bandpass.sources.Resume;
import org.bandpass.sources.Resume.State;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.UnusableInputException;
import org.jspecify.annotations.Nullable;

/**
 * Carries out decisions in transactions. Each transaction holds documents, dead letters and the position after them, so
 * a restart resumes exactly after the last committed record. Used by one thread.
 */
final class DocumentTransactions {

    /** Name of this program in dead letters and transactional ids. */
    static final String PROGRAM = "ingest";

    private static final int IDLE_MILLIS = 100;

    private final Topics topics;
    private final Batch batch;
    private final ProgressRecords progress;
    private final TransactionWriter writer;
    private final UnitRecords units;
    private final IngestOutput output;
    /** Progress of the sources by name, of earlier ingests and of this one. */
    private final Map<String, IngestProgress> earlier;

    private final AvroSerde<DeadLetter> letters = AvroSerde.of(DeadLetter.class);
    /** Documents of the open transaction; they are counted once it is committed. */
    private final List<Accepted> admitted = new ArrayList<>();

    private @Nullable FileTally file;
    /** Whether the file's progress has changed since it was last sent. */
    private boolean progressed;

    private long fileSince;
    private boolean closed;
    /** Whether the open transaction is given up, because a stop was requested before it could be committed. */
    private boolean abandoned;

    private int records;
    private long bytes;

    DocumentTransactions(
            IngestSettings settings,
            ProgressRecords progress,
            TransactionWriter writer,
            UnitRecords units,
            IngestOutput output,
            Map<String, IngestProgress> earlier) {
        this.topics = settings.topics();
        this.batch = settings.batch();
        this.progress = progress;
        this.writer = writer;
        this.units = units;
        this.output = output;
        this.earlier = new HashMap<>(earlier);
    }

    /**
     * Carries out decisions until all sources are read or a stop is requested, and commits them.
     *
     * @return whether all sources were read
     * @throws ProgramFailure if the cluster refuses a transaction, or another ingest of the same name has begun
     */
    boolean carryOut(ReadingThread reader, Stop stop) {
        try {
            while (!closed && !stop.requested()) {
                reader.poll(untilDue()).forEach(this::carryOut);
                commitIfDue();
            }
            commit();
            return closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted; what is committed stays, and the next run resumes after it", e);
        }
    }

    private void carryOut(Decision decision) {
        if (decision instanceof Accepted document) {
            admitted(document);
        } else if (decision instanceof Refused refused) {
            refused(refused);
        } else if (decision instanceof Skipped skipped) {
            decided(0);
            file().skipped();
            output.passed(skipped.kind());
        } else if (decision instanceof Begun begun) {
            begun(begun.file());
        } else if (decision instanceof Ended ended) {
            ended(ended);
        } else {
            closed((Closed) decision);
        }
        commitIfDue();
    }

    private void begun(Resume start) {
        EarlierRead before = start.before();
        file = new FileTally(progress.ingest(), start, before == null ? null : earlier.get(before.name()));
        fileSince = System.nanoTime();
        progressed = false;
        output.begun(start);
    }

    private void admitted(Accepted document) {
        List<ProducerRecord<byte[], byte[]>> made = units.of(document);
        decided(made.stream().mapToLong(record -> record.value().length).sum());
        long position = file().position();
        file().admitted(document.part());
        admitted.add(document);
        for (ProducerRecord<byte[], byte[]> record : made) {
            if (document instanceof Admitted) {
                writer.add(whole(record, document, file(), position));
            } else {
                writer.add(record);
            }
        }
    }

    private void refused(Refused refusal) {
        long position = file().position();
        boolean isNew = file().refused(refusal.reason());
        output.refused(file().source(), position, refusal);
        if (isNew) {
            decided(refusal.memoryBytes());
            if (refusal.reason().isFiled()) {
                writer.add(letter(refusal, file().source().name(), position));
            }
        }
    }

    /** Returns the record of a document; a document too large for the cluster becomes a dead letter. */
    private Pending whole(ProducerRecord<byte[], byte[]> record, Accepted document, FileTally tally, long position) {
        return new Pending(() -> record, why -> {
            Refused refusal = new Refused(
                    Rejection.OVER_RECORD_LIMIT,
                    "the cluster takes no record of " + record.value().length + " bytes for topic " + record.topic()
                            + " (" + why + "); see its max.message.bytes");
            tally.refusedByCluster(document.part(), refusal.reason());
            admitted.removeIf(each -> each == document);
            output.refused(tally.source(), position, refusal);
            return letter(refusal, tally.source().name(), position);
        });
    }

    /** Returns a dead letter; one that is too large for the cluster is written without its content. */
    private Pending letter(Refused refusal, String source, long position) {
        byte[] content = refusal.content();
        DeadLetter letter = DeadLetter.newBuilder()
                .setProgram(PROGRAM)
                .setReason(refusal.reason().word())
                .setDetail(refusal.detail())
                .setFile(source)
                .setPosition(position)
                .setContent(content == null ? null : ByteBuffer.wrap(content))
                .build();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topics.deadLetters(PROGRAM).name(), HeaderNames.bytes(source + "#" + position), letters.write(letter));
        return new Pending(
                () -> record,
                why -> content == null
                        ? null
                        : letter(new Refused(refusal.reason(), refusal.detail()), source, position));
    }

    private void ended(Ended ended) {
        Resume start = file().start();
        if (start.state() == State.FINISHED) {
            output.skipped();
            if (start.isNews()) {
                decided(0);
            }
        } else if (ended.complete()) {
            decided(0);
            output.finished(file());
        }
        file().ended(ended);
        sendProgress();
        if (start.state() != State.UNREADABLE) {
            // For when a followed file comes again.
            earlier.remove(start.movedFrom());
            earlier.put(start.source().name(), file().progress());
        }
        file = null;
    }

    private void closed(Closed last) {
        if (last.failure() != null) {
            commit();
            if (last.failure() instanceof ProgramFailure || last.failure() instanceof UnusableInputException) {
                throw (RuntimeException) last.failure();
            }
            throw new IllegalStateException("reading failed: " + last.failure(), last.failure());
        }
        closed = true;
    }

    private FileTally file() {
        return Objects.requireNonNull(file, "a decision outside of a file");
    }

    /** Notes a change of the file's progress, and its records in the transaction. */
    private void decided(long recordBytes) {
        writer.begin();
        progressed = true;
        records++;
        bytes += recordBytes;
    }

    private void sendProgress() {
        FileTally tally = file();
        if (!progressed || tally.start().state() == State.UNREADABLE) {
            return;
        }
        long now = System.nanoTime();
        tally.spent((now - fileSince) / 1e9);
        fileSince = now;
        // Serialised when it is sent: by then it includes what the cluster refused.
        writer.add(new Pending(() -> progress.of(tally.source().name(), tally.progress()), why -> null));
        String old = tally.start().movedFrom();
        if (old != null) {
            writer.add(progress.of(old, null));
        }
        progressed = false;
    }

    private void commitIfDue() {
        if (writer.isOpen()
                && (records >= batch.records()
                        || bytes >= batch.bytes()
                        || writer.age().toMillis() >= batch.millis())) {
            commit();
        }
    }

    private void commit() {
        if (!writer.isOpen() || abandoned) {
            return;
        }
        if (file != null) {
            sendProgress();
        }
        units.state().forEach(writer::add);
        Duration age = writer.age();
        abandoned = !writer.commit();
        if (!abandoned) {
            admitted.forEach(output::admitted);
            admitted.clear();
            records = 0;
            bytes = 0;
            output.committed(age);
        }
    }

    private Duration untilDue() {
        long left = writer.isOpen() ? batch.millis() - writer.age().toMillis() : IDLE_MILLIS;
        return Duration.ofMillis(Math.max(0, Math.min(left, IDLE_MILLIS)));
    }
}

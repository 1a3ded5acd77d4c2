package org.bandpass.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
 * Carries out decisions in transactions, each of which holds documents, dead letters and the position after them: all
 * of it is there or none, and reading resumes exactly where that ends. Used by one thread.
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
    private final TransactionWriter writer;
    private final UnitRecords units;
    private final IngestOutput output;
    /** Progress of the sources by name, of earlier ingests and of this one. */
    private final Map<String, IngestProgress> earlier;

    private final AvroSerde<IngestProgress> progress = AvroSerde.of(IngestProgress.class);
    private final AvroSerde<DeadLetter> letters = AvroSerde.of(DeadLetter.class);
    /** What the open transaction holds; it counts once that is committed. */
    private final List<Accepted> admitted = new ArrayList<>();

    private @Nullable FileTally file;
    private boolean unsaid;
    private long fileSince;
    private boolean closed;
    /** Whether the open transaction is left, as a stop was requested while the cluster did not take it. */
    private boolean abandoned;

    private int records;
    private long bytes;

    /**
     * Begins without a transaction.
     *
     * @param name name of the ingest
     * @param writer writes the transactions
     * @param units makes records of documents
     * @param earlier progress of earlier ingests, by name of the source
     */
    DocumentTransactions(
            IngestSettings settings,
            String name,
            TransactionWriter writer,
            UnitRecords units,
            IngestOutput output,
            Map<String, IngestProgress> earlier) {
        this.topics = settings.topics();
        this.batch = settings.batch();
        this.name = name;
        this.writer = writer;
        this.units = units;
        this.output = output;
        this.earlier = new HashMap<>(earlier);
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
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted; what is committed stays, and a second run resumes after it", e);
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
        file = new FileTally(name, start, before == null ? null : earlier.get(before.name()));
        fileSince = System.nanoTime();
        unsaid = false;
        output.begun(start);
    }

    private void admitted(Accepted document) {
        List<ProducerRecord<byte[], byte[]>> made = units.of(document);
        decided(made.stream().mapToInt(record -> record.value().length).sum());
        FileTally tally = file();
        long position = tally.position();
        tally.admitted(document.part());
        admitted.add(document);
        for (ProducerRecord<byte[], byte[]> record : made) {
            writer.add(document instanceof Admitted ? new Whole(record, document, tally, position) : () -> record);
        }
    }

    private void refused(Refused refusal) {
        long position = file().position();
        boolean news = file().refused(refusal.reason());
        output.refused(file().source(), position, refusal);
        if (news) {
            byte[] content = refusal.content();
            decided(content == null ? 0 : content.length);
            if (refusal.reason().isFiled()) {
                writer.add(new Letter(refusal, file().source().name(), position));
            }
        }
    }

    /** A document as it is; too large for the cluster, it is a dead letter. */
    private final class Whole implements Pending {

        private final ProducerRecord<byte[], byte[]> record;
        private final Accepted document;
        private final FileTally tally;
        private final long position;

        Whole(ProducerRecord<byte[], byte[]> record, Accepted document, FileTally tally, long position) {
            this.record = record;
            this.document = document;
            this.tally = tally;
            this.position = position;
        }

        @Override
        public ProducerRecord<byte[], byte[]> record() {
            return record;
        }

        @Override
        public Pending smaller(String why) {
            Refused refusal = new Refused(
                    Rejection.OVER_RECORD_LIMIT,
                    "the cluster takes no record of " + record.value().length + " bytes for topic " + record.topic()
                            + " (" + why + "); see its max.message.bytes",
                    null);
            tally.refusedAfterAll(document.part(), refusal.reason());
            admitted.removeIf(each -> each == document);
            output.refused(tally.source(), position, refusal);
            return new Letter(refusal, tally.source().name(), position);
        }
    }

    /** A dead letter; too large for the cluster, it goes without its content. */
    private final class Letter implements Pending {

        private final Refused refusal;
        private final String source;
        private final long position;

        Letter(Refused refusal, String source, long position) {
            this.refusal = refusal;
            this.source = source;
            this.position = position;
        }

        @Override
        public ProducerRecord<byte[], byte[]> record() {
            byte[] content = refusal.content();
            DeadLetter letter = DeadLetter.newBuilder()
                    .setProgram(PROGRAM)
                    .setReason(refusal.reason().word())
                    .setDetail(refusal.detail())
                    .setFile(source)
                    .setPosition(position)
                    .setContent(content == null ? null : ByteBuffer.wrap(content))
                    .build();
            return new ProducerRecord<>(
                    topics.deadLetters(PROGRAM).name(),
                    (source + "#" + position).getBytes(StandardCharsets.UTF_8),
                    letters.write(letter));
        }

        @Override
        public @Nullable Pending smaller(String why) {
            return refusal.content() == null
                    ? null
                    : new Letter(new Refused(refusal.reason(), refusal.detail(), null), source, position);
        }
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
        keepProgress();
        file = null;
    }

    private void closed(Closed last) {
        if (last.failure() != null) {
            commit();
            if (last.failure() instanceof ProgramFailure known) {
                throw known;
            }
            if (last.failure() instanceof UnusableInputException unusable) {
                throw unusable;
            }
            throw new IllegalStateException("reading failed: " + last.failure(), last.failure());
        }
        closed = true;
    }

    private FileTally file() {
        return Objects.requireNonNull(file, "a decision outside of a file");
    }

    /** Notes that something of the file was decided which the cluster does not know yet. */
    private void decided(int recordBytes) {
        writer.begin();
        unsaid = true;
        records++;
        bytes += recordBytes;
    }

    private void sendProgress() {
        FileTally tally = file();
        if (!unsaid || tally.start().state() == State.UNREADABLE) {
            return;
        }
        long now = System.nanoTime();
        tally.spent((now - fileSince) / NANOS);
        fileSince = now;
        // Made when it is sent: what the cluster refuses is counted in it.
        writer.add(() -> progress(tally.source().name(), progress.write(tally.progress())));
        String old = tally.start().movedFrom();
        if (old != null) {
            writer.add(() -> progress(old, null));
        }
        unsaid = false;
    }

    /** A followed file comes again. */
    private void keepProgress() {
        Resume start = file().start();
        if (start.state() != State.UNREADABLE) {
            String old = start.movedFrom();
            if (old != null) {
                earlier.remove(old);
            }
            earlier.put(start.source().name(), file().progress());
        }
    }

    private ProducerRecord<byte[], byte[]> progress(String path, byte @Nullable [] value) {
        return new ProducerRecord<>(topics.ingestProgress().name(), PackingProgress.key(name, path), value);
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
        units.state().forEach(record -> writer.add(() -> record));
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
        Duration rest = writer.isOpen() ? Duration.ofMillis(batch.millis()).minus(writer.age()) : IDLE;
        return rest.compareTo(IDLE) > 0 ? IDLE : rest.isNegative() ? Duration.ZERO : rest;
    }
}

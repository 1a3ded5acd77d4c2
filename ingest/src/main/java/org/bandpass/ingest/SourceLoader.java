package org.bandpass.ingest;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.zip.ZipException;
import org.bandpass.ingest.Decision.Begun;
import org.bandpass.ingest.Decision.Ended;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.ingest.FileStart.State;
import org.bandpass.schemas.IngestProgress;
import org.jspecify.annotations.Nullable;

/** Reads sources one after another and decides about each record. Runs on the reading thread. */
final class SourceLoader {

    /** A source as it was when it was read last. */
    private record Seen(long bytes, long modifiedAt) {}

    private static final double NANOS = 1e9;

    private final SourceOpener opener;
    private final GrownLines grown;
    private final Admission admission;
    private final KnownSources known;
    private final LongConsumer stored;
    private final Map<String, Seen> seen = new HashMap<>();

    /**
     * Knows what was decided before.
     *
     * @param before progress by name of the source
     * @param stored is told how many more stored bytes were read or are skipped
     */
    SourceLoader(SourceOpener opener, Admission admission, Map<String, IngestProgress> before, LongConsumer stored) {
        this.opener = opener;
        this.grown = new GrownLines(opener);
        this.admission = admission;
        this.known = new KnownSources(before);
        this.stored = stored;
    }

    /** Reads all sources. */
    void load(Iterator<Source> sources, Consumer<Decision> decisions) {
        while (sources.hasNext()) {
            load(sources.next(), decisions);
        }
    }

    private void load(Source named, Consumer<Decision> decisions) {
        Source source = named;
        FileStart start;
        try {
            source = named.look();
            Seen now = new Seen(source.bytes(), source.modifiedAt());
            if (now.equals(seen.put(source.name(), now))) {
                return;
            }
            start = grown.at(known.start(source));
        } catch (IOException e) {
            decisions.accept(new Begun(known.unreadable(source)));
            refuse(failure(e), null, decisions);
            return;
        }
        decisions.accept(new Begun(start));
        FileTally tally = new FileTally("", start);
        if (start.state() == State.FINISHED) {
            stored.accept(Math.max(0, source.bytes()));
            decisions.accept(new Ended(true, null));
            tally.ended(new Ended(true, null));
        } else {
            long began = System.nanoTime();
            read(start, decision -> {
                tally.decided(decision);
                decisions.accept(decision);
            });
            tally.spent((System.nanoTime() - began) / NANOS);
        }
        // A followed file that grows, or is moved, comes again.
        String old = start.movedFrom();
        if (old != null) {
            known.remove(old);
        }
        known.put(tally.progress());
    }

    private void read(FileStart start, Consumer<Decision> decisions) {
        HashedSource source = new HashedSource(start.source());
        RecordsAhead records = new RecordsAhead(admission, decisions);
        SourceFailure broken = read(source, start.position(), records);
        // Before what ends the source stands what was read of it.
        records.finish();
        if (broken == null) {
            decisions.accept(new Ended(true, hash(source)));
        } else {
            // What is broken off may be complete later; other reasons have nothing to do with growing.
            String content = broken.reason() == Rejection.BROKEN_OFF ? hash(source) : null;
            refuse(broken, content, decisions);
        }
    }

    /** Returns the hash of the content; null where it cannot be had, upon which only the ends of it are compared. */
    private static @Nullable String hash(HashedSource source) {
        try {
            return source.hash();
        } catch (IOException e) {
            return null;
        }
    }

    /** Reads to the end; returns why there is no further reading, or null. */
    private @Nullable SourceFailure read(Source source, long position, RecordsAhead records) {
        try (RecordReader reader = opener.open(source, stored)) {
            reader.skip(position);
            SourceRecord record = reader.next();
            while (record != null) {
                records.add(record);
                record = reader.next();
            }
            return null;
        } catch (IOException | UncheckedIOException | StackOverflowError e) {
            return failure(e);
        }
    }

    private static void refuse(SourceFailure failure, @Nullable String content, Consumer<Decision> decisions) {
        decisions.accept(new Refused(failure.reason(), String.valueOf(failure.getMessage()), null));
        decisions.accept(new Ended(false, content));
    }

    private static SourceFailure failure(Throwable e) {
        Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
        if (cause instanceof SourceFailure known) {
            return known;
        }
        boolean broken = cause instanceof EOFException
                || cause instanceof ZipException
                || cause instanceof com.github.luben.zstd.ZstdIOException
                || cause instanceof StackOverflowError;
        return new SourceFailure(broken ? Rejection.BROKEN_OFF : Rejection.UNREADABLE, detail(cause), cause);
    }

    private static String detail(@Nullable Throwable cause) {
        if (cause == null) {
            return "no reason given";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}

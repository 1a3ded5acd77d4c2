package org.bandpass.ingest;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.zip.ZipException;
import org.bandpass.ingest.Decision.Begun;
import org.bandpass.ingest.Decision.Ended;
import org.bandpass.ingest.Decision.Passed;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.ingest.FileStart.State;
import org.bandpass.ingest.SourceRecord.Candidate;
import org.bandpass.ingest.SourceRecord.PassedOver;
import org.bandpass.ingest.SourceRecord.Unusable;
import org.bandpass.schemas.IngestProgress;
import org.jspecify.annotations.Nullable;

/** Reads sources one after another and decides about each record. Runs on the reading thread. */
final class SourceLoader {

    private final SourceOpener opener;
    private final Admission admission;
    private final Map<String, IngestProgress> before;
    private final LongConsumer stored;
    private final Set<String> seen = new HashSet<>();

    /**
     * Knows what was decided before.
     *
     * @param before progress by name of the source
     * @param stored is told how many more stored bytes were read or are skipped
     */
    SourceLoader(SourceOpener opener, Admission admission, Map<String, IngestProgress> before, LongConsumer stored) {
        this.opener = opener;
        this.admission = admission;
        this.before = before;
        this.stored = stored;
    }

    /** Reads all sources. */
    void load(List<Source> sources, Consumer<Decision> decisions) {
        for (Source source : sources) {
            if (seen.add(source.name())) {
                load(source, decisions);
            }
        }
    }

    private void load(Source source, Consumer<Decision> decisions) {
        FileStart start;
        try {
            start = FileStart.of(source, before.get(source.name()));
        } catch (IOException e) {
            decisions.accept(new Begun(new FileStart(source, "", 0, before.get(source.name()), State.UNREADABLE)));
            refuse(failure(e), decisions);
            return;
        }
        decisions.accept(new Begun(start));
        if (start.state() == State.FINISHED) {
            stored.accept(source.bytes());
            decisions.accept(new Ended(true));
            return;
        }
        try (RecordReader reader = opener.open(source, stored)) {
            reader.skip(start.position());
            read(reader, decisions);
            decisions.accept(new Ended(true));
        } catch (IOException | UncheckedIOException | StackOverflowError e) {
            refuse(failure(e), decisions);
        }
    }

    private void read(RecordReader reader, Consumer<Decision> decisions) throws IOException {
        SourceRecord record = reader.next();
        while (record != null) {
            decisions.accept(decide(record));
            record = reader.next();
        }
    }

    private Decision decide(SourceRecord record) {
        if (record instanceof Candidate candidate) {
            return admission.decide(candidate);
        }
        if (record instanceof Unusable unusable) {
            return new Refused(unusable.reason(), unusable.detail(), unusable.content());
        }
        return new Passed(((PassedOver) record).kind());
    }

    private static void refuse(SourceFailure failure, Consumer<Decision> decisions) {
        decisions.accept(new Refused(failure.reason(), String.valueOf(failure.getMessage()), null));
        decisions.accept(new Ended(false));
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

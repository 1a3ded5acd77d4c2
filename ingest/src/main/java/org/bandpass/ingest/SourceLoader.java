package org.bandpass.ingest;

import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.bandpass.ingest.Decision.Begun;
import org.bandpass.ingest.Decision.Ended;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.sources.EarlierRead;
import org.bandpass.sources.GrownLines;
import org.bandpass.sources.KnownSources;
import org.bandpass.sources.Resume;
import org.bandpass.sources.Resume.State;
import org.bandpass.sources.SourceOpener;
import org.bandpass.sources.file.HashedSource;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/** Reads sources one after another and decides about each record. Runs on the reading thread. */
final class SourceLoader {

    /** Size and time of a source when it was last read. */
    private record Seen(long bytes, long modifiedAt) {}

    private final SourceOpener opener;
    private final GrownLines grown;
    private final Admission admission;
    private final KnownSources known;
    private final LongConsumer stored;
    private final Map<String, Seen> seen = new HashMap<>();

    /**
     * Continues after earlier ingests.
     *
     * @param stored receives how many more stored bytes were read or skipped
     */
    SourceLoader(SourceOpener opener, Admission admission, List<EarlierRead> before, LongConsumer stored) {
        this.opener = opener;
        this.grown = new GrownLines(opener);
        this.admission = admission;
        this.known = new KnownSources(before);
        this.stored = stored;
    }

    /** Reads all sources. */
    void load(Iterator<Source> sources, Consumer<Decision> decisions) {
        sources.forEachRemaining(source -> load(source, decisions));
    }

    private void load(Source named, Consumer<Decision> decisions) {
        Source source = named;
        Resume start;
        try {
            source = named.look();
            Seen now = new Seen(source.bytes(), source.modifiedAt());
            if (now.equals(seen.put(source.name(), now))) {
                return;
            }
            start = grown.at(known.start(source));
        } catch (IOException e) {
            decisions.accept(new Begun(known.unreadable(source)));
            decisions.accept(refused(SourceOpener.failure(e)));
            decisions.accept(new Ended(false, null));
            return;
        }
        decisions.accept(new Begun(start));
        if (start.state() == State.FINISHED) {
            stored.accept(Math.max(0, source.bytes()));
            end(start, 0, new Ended(true, null), decisions);
        } else {
            read(start, decisions);
        }
    }

    private void read(Resume start, Consumer<Decision> decisions) {
        HashedSource source = new HashedSource(start.source());
        Lookahead records = new Lookahead(admission, decisions);
        SourceFailure failure = opener.read(source, start.position(), stored, records::add);
        records.finish();
        if (failure != null) {
            decisions.accept(refused(failure));
        }
        // A file that breaks off may be complete later; for other failures its hash is of no use.
        boolean hashed = failure == null || failure.reason() == Rejection.BROKEN_OFF;
        end(start, records.records(), new Ended(failure == null, hashed ? hash(source) : null), decisions);
    }

    private void end(Resume start, long records, Ended end, Consumer<Decision> decisions) {
        decisions.accept(end);
        // In a followed folder the file may grow or move, and come again.
        known.read(start, start.position() + records, end.complete(), end.content());
    }

    /** Returns the hash of the content; null if it cannot be read, and then only its two ends are compared. */
    private static @Nullable String hash(HashedSource source) {
        try {
            return source.hash();
        } catch (IOException e) {
            return null;
        }
    }

    private static Refused refused(SourceFailure failure) {
        return new Refused(failure.reason(), String.valueOf(failure.getMessage()));
    }
}

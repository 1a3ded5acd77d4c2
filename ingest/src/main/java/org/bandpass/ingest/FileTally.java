package org.bandpass.ingest;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.bandpass.ingest.Decision.Ended;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.SplitPart;
import org.bandpass.sources.Resume;
import org.bandpass.sources.Resume.State;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.record.Rejection;
import org.jspecify.annotations.Nullable;

/** Counts what became of the records of one source, earlier attempts included. Used by one thread. */
final class FileTally {

    private final String ingest;
    private final Resume start;
    private final Map<String, Long> ingested = new TreeMap<>();
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Long> refusedBefore = new TreeMap<>();
    private long position;
    private long read;
    private double seconds;
    private boolean finished;
    private @Nullable String content;

    /**
     * Begins with what earlier attempts counted.
     *
     * @param before their progress, or null
     */
    FileTally(String ingest, Resume start, @Nullable IngestProgress before) {
        this.ingest = ingest;
        this.start = start;
        this.position = start.position();
        this.content = start.contentBefore();
        if (before != null) {
            ingested.putAll(before.getIngested());
            rejected.putAll(before.getRejected());
            read = before.getRead();
            seconds = before.getSeconds();
            forgetRefusal();
        }
    }

    /** The rest of the source is tried again, so that it was refused counts no more. */
    private void forgetRefusal() {
        for (Map.Entry<String, Long> entry : rejected.entrySet()) {
            if (Rejection.isOfFile(entry.getKey())) {
                refusedBefore.put(entry.getKey(), entry.getValue());
                read -= entry.getValue();
            }
        }
        rejected.keySet().removeAll(refusedBefore.keySet());
    }

    Source source() {
        return start.source();
    }

    Resume start() {
        return start;
    }

    /** Returns how many records were decided, earlier attempts included. */
    long position() {
        return position;
    }

    void admitted(SplitPart part) {
        position++;
        read++;
        ingested.merge(HeaderNames.nameOf(part), 1L, Long::sum);
    }

    /** Takes that a document which was counted as admitted is refused by the cluster. */
    void refusedAfterAll(SplitPart part, Rejection reason) {
        ingested.merge(HeaderNames.nameOf(part), -1L, Long::sum);
        rejected.merge(reason.word(), 1L, Long::sum);
    }

    /** Counts a refusal; returns whether it is news, which the same refusal of an unchanged file is not. */
    boolean refused(Rejection reason) {
        read++;
        rejected.merge(reason.word(), 1L, Long::sum);
        if (reason.ofFile()) {
            return !(start.state() == State.CONTINUED && refusedBefore.containsKey(reason.word()));
        }
        position++;
        return true;
    }

    void skipped() {
        position++;
    }

    void spent(double moreSeconds) {
        seconds += moreSeconds;
    }

    void ended(Ended ended) {
        finished = ended.complete();
        content = ended.content() == null ? content : ended.content();
    }

    /** Returns the progress as it is now. */
    IngestProgress progress() {
        return IngestProgress.newBuilder()
                .setIngest(ingest)
                .setPath(source().name())
                .setBytes(source().bytes())
                .setModifiedAt(Instant.ofEpochMilli(source().modifiedAt()))
                .setFingerprint(start.fingerprint())
                .setPosition(position)
                .setFinished(finished)
                .setRead(read)
                .setIngested(ingested)
                .setRejected(rejected)
                .setSeconds(seconds)
                .setContent(content)
                .setVersion(source().version())
                .build();
    }
}

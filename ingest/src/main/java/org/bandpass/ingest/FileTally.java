package org.bandpass.ingest;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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

/** Counts the admitted and refused records of one source, earlier attempts included. Used by one thread. */
final class FileTally {

    private final Resume start;
    private final IngestProgress.Builder progress;
    /** Reasons for which earlier attempts refused the remainder of the source. */
    private final Set<String> refusedBefore = new HashSet<>();

    /**
     * Continues the counts of earlier attempts.
     *
     * @param ingest name of the ingest
     * @param before progress of earlier attempts, or null
     */
    FileTally(String ingest, Resume start, @Nullable IngestProgress before) {
        this.start = start;
        this.progress = IngestProgress.newBuilder()
                .setIngest(ingest)
                .setPath(source().name())
                .setBytes(source().bytes())
                .setModifiedAt(Instant.ofEpochMilli(source().modifiedAt()))
                .setVersion(source().version())
                .setFingerprint(start.fingerprint())
                .setContent(start.contentBefore())
                .setPosition(start.position())
                .setFinished(false)
                .setIngested(new TreeMap<>(before == null ? Map.of() : before.getIngested()))
                .setRejected(new TreeMap<>(before == null ? Map.of() : before.getRejected()))
                .setSeconds(before == null ? 0 : before.getSeconds());
        refusedBefore.addAll(progress.getRejected().keySet());
        refusedBefore.removeIf(reason -> !Rejection.isOfFile(reason));
        // The remainder of the source is read again, so its earlier refusal no longer counts.
        progress.getRejected().keySet().removeAll(refusedBefore);
    }

    Source source() {
        return start.source();
    }

    Resume start() {
        return start;
    }

    /** Returns the number of records decided, earlier attempts included. */
    long position() {
        return progress.getPosition();
    }

    void admitted(SplitPart part) {
        skipped();
        progress.getIngested().merge(HeaderNames.nameOf(part), 1L, Long::sum);
    }

    /** Counts an admitted document as refused, because the cluster refuses it. */
    void refusedByCluster(SplitPart part, Rejection reason) {
        progress.getIngested().merge(HeaderNames.nameOf(part), -1L, Long::sum);
        progress.getRejected().merge(reason.word(), 1L, Long::sum);
    }

    /** Counts a refusal; returns whether it is new, rather than the same refusal of an unchanged file. */
    boolean refused(Rejection reason) {
        progress.getRejected().merge(reason.word(), 1L, Long::sum);
        if (reason.ofFile()) {
            return start.state() != State.CONTINUED || !refusedBefore.contains(reason.word());
        }
        skipped();
        return true;
    }

    void skipped() {
        progress.setPosition(position() + 1);
    }

    void spent(double moreSeconds) {
        progress.setSeconds(progress.getSeconds() + moreSeconds);
    }

    void ended(Ended ended) {
        progress.setFinished(ended.complete());
        if (ended.content() != null) {
            progress.setContent(ended.content());
        }
    }

    /** Returns the current progress. */
    IngestProgress progress() {
        long read = IngestOutput.sum(progress.getIngested()) + IngestOutput.sum(progress.getRejected());
        return progress.setRead(read).build();
    }
}

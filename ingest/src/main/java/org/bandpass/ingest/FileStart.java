package org.bandpass.ingest;

import java.io.IOException;
import org.bandpass.schemas.IngestProgress;
import org.jspecify.annotations.Nullable;

/**
 * Where reading a source begins, seen from what an earlier ingest of the same name left.
 *
 * @param source the source
 * @param fingerprint its content now
 * @param position records that are passed over because they were decided before
 * @param before what was decided before, or null
 * @param state how the source stands to what was decided before
 */
record FileStart(
        Source source,
        String fingerprint,
        long position,
        @Nullable IngestProgress before,
        State state) {

    /** How a source stands to what was decided before. */
    enum State {
        /** Never seen. */
        NEW,
        /** Read to its end and unchanged. */
        FINISHED,
        /** Not read to its end and unchanged. */
        CONTINUED,
        /** As before, with more behind it. */
        GROWN,
        /** Not what it was. */
        CHANGED,
        /** Cannot be looked at; what was decided before stays as it is. */
        UNREADABLE
    }

    static FileStart of(Source source, @Nullable IngestProgress before) throws IOException {
        if (before == null) {
            return new FileStart(source, source.fingerprint(source.bytes()), 0, null, State.NEW);
        }
        // What a server says about its file costs no further request.
        boolean vouched = source.path() == null && isVersionOf(source, before);
        String now = vouched ? before.getFingerprint() : source.fingerprint(source.bytes());
        if (now.equals(before.getFingerprint())) {
            return isVersionOf(source, before) || hasContentOf(source, before)
                    ? unchanged(source, before)
                    : new FileStart(source, now, 0, before, State.CHANGED);
        }
        if (hasGrown(source, before)) {
            return new FileStart(source, now, before.getPosition(), before, State.GROWN);
        }
        return new FileStart(source, now, 0, before, State.CHANGED);
    }

    /** Returns the same start at another position. */
    FileStart at(long other) {
        return new FileStart(source, fingerprint, other, before, state);
    }

    private static boolean hasGrown(Source source, IngestProgress before) throws IOException {
        return before.getBytes() >= 0
                && source.bytes() > before.getBytes()
                && isAppendable(source)
                && source.fingerprint(before.getBytes()).equals(before.getFingerprint())
                // A server would send all of it once more.
                && (source.path() == null || hasContentOf(source, before));
    }

    /** Returns the start of a source that is what was read before, under its name or another. */
    static FileStart unchanged(Source source, IngestProgress before) {
        State state = before.getFinished() ? State.FINISHED : State.CONTINUED;
        return new FileStart(source, before.getFingerprint(), before.getPosition(), before, state);
    }

    /** Returns the path under which the content was read before, if that is another; else null. */
    @Nullable
    String movedFrom() {
        return before == null || before.getPath().equals(source.name()) ? null : before.getPath();
    }

    /** Returns whether something is to be noted of a file that was read to its end: its path or time is another. */
    boolean isNews() {
        return before != null && (movedFrom() != null || !source.version().equals(versionOf(before)));
    }

    private static String versionOf(IngestProgress before) {
        String version = before.getVersion();
        return version == null ? Long.toString(before.getModifiedAt().toEpochMilli()) : version;
    }

    private static boolean isVersionOf(Source source, IngestProgress before) {
        return !source.version().isEmpty()
                && source.version().equals(versionOf(before))
                && source.bytes() == before.getBytes();
    }

    /** Older progress has no hash; then the ends of the content are all that can be compared. */
    private static boolean hasContentOf(Source source, IngestProgress before) throws IOException {
        return before.getContent() == null
                || source.contentHash(before.getBytes()).equals(before.getContent());
    }

    private static boolean isAppendable(Source source) {
        try {
            return SourceFormat.named(source.fileName()).appendable();
        } catch (SourceFailure e) {
            return false;
        }
    }
}

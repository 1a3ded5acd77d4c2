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
        String now = source.fingerprint(source.bytes());
        if (now.equals(before.getFingerprint())) {
            State state = before.getFinished() ? State.FINISHED : State.CONTINUED;
            return new FileStart(source, now, before.getPosition(), before, state);
        }
        if (before.getBytes() >= 0
                && source.bytes() > before.getBytes()
                && isAppendable(source)
                && source.fingerprint(before.getBytes()).equals(before.getFingerprint())) {
            return new FileStart(source, now, before.getPosition(), before, State.GROWN);
        }
        return new FileStart(source, now, 0, before, State.CHANGED);
    }

    /** Returns the same start at another position. */
    FileStart at(long other) {
        return new FileStart(source, fingerprint, other, before, state);
    }

    private static boolean isAppendable(Source source) {
        try {
            return SourceFormat.named(source.fileName()).appendable();
        } catch (SourceFailure e) {
            return false;
        }
    }
}

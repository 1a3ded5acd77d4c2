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
            long position = before.getPosition() - (hasReadHalfALine(source, before) ? 1 : 0);
            return new FileStart(source, now, position, before, State.GROWN);
        }
        return new FileStart(source, now, 0, before, State.CHANGED);
    }

    private static boolean isAppendable(Source source) {
        try {
            return SourceFormat.named(source.fileName()).appendable();
        } catch (SourceFailure e) {
            return false;
        }
    }

    /** The last line of a file that was still being written may have been read half; it is read again. */
    private static boolean hasReadHalfALine(Source source, IngestProgress before) throws IOException {
        return before.getPosition() > 0
                && endsWithinALine(source, before)
                && (before.getFinished() || hasReadAllLines(source, before));
    }

    private static boolean endsWithinALine(Source source, IngestProgress before) throws IOException {
        if (before.getBytes() == 0 || Compression.named(source.fileName()) != Compression.NONE) {
            return false;
        }
        // The last byte that was there and the first that was added.
        byte[] seam = source.range(before.getBytes() - 1, 2);
        return seam.length == 2 && seam[0] != '\n' && seam[1] != '\n' && seam[1] != '\r';
    }

    /** An ingest may end before it reads the half line, and also behind it, before it notes that the file is finished. */
    private static boolean hasReadAllLines(Source source, IngestProgress before) throws IOException {
        try (LineReader lines = new LineReader(new StoredBytes(source.open(), before.getBytes(), more -> {}), 0)) {
            for (long i = 0; i < before.getPosition(); i++) {
                if (!lines.next()) {
                    return true;
                }
            }
            return !lines.next();
        }
    }
}

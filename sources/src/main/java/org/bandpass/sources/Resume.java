package org.bandpass.sources;

import java.io.IOException;
import org.bandpass.sources.file.Source;
import org.jspecify.annotations.Nullable;

/**
 * Where reading a source begins, given what an earlier run read of it.
 *
 * @param fingerprint fingerprint of its present content
 * @param position records to skip
 * @param before what was read before, or null
 */
public record Resume(
        Source source,
        String fingerprint,
        long position,
        @Nullable EarlierRead before,
        State state) {

    /** A source compared with what was read of it before. */
    public enum State {
        /** Never read. */
        NEW,
        /** Unchanged, and read to its end. */
        FINISHED,
        /** Unchanged, but not read to its end. */
        CONTINUED,
        /** The same beginning, and more after it. */
        GROWN,
        /** Other content. */
        CHANGED,
        /** Cannot be opened; its progress stays as it is. */
        UNREADABLE
    }

    static Resume of(Source source, @Nullable EarlierRead before) throws IOException {
        if (!source.lasts()) {
            // Its counts are added to those of earlier inputs, but no record is skipped.
            return new Resume(source, "", 0, before, State.NEW);
        }
        if (before == null) {
            return new Resume(source, source.fingerprint(source.bytes()), 0, null, State.NEW);
        }
        // A version given by a server needs no further request.
        boolean known = source.path() == null && isVersionOf(source, before);
        String now = known ? before.fingerprint() : source.fingerprint(source.bytes());
        if (now.equals(before.fingerprint())) {
            if (isVersionOf(source, before) || hasContentOf(source, before)) {
                return unchanged(source, before);
            }
        } else if (hasGrown(source, before)) {
            return new Resume(source, now, before.position(), before, State.GROWN);
        }
        return new Resume(source, now, 0, before, State.CHANGED);
    }

    /** Returns the same start at another position. */
    Resume at(long other) {
        return new Resume(source, fingerprint, other, before, state);
    }

    /** Returns the start of a source with the content that was read before, perhaps under another name. */
    static Resume unchanged(Source source, EarlierRead before) {
        State state = before.finished() ? State.FINISHED : State.CONTINUED;
        return new Resume(source, before.fingerprint(), before.position(), before, state);
    }

    /** Returns the name under which the content was read before, null if it is the same. */
    @Nullable
    public String movedFrom() {
        return before == null || before.name().equals(source.name()) ? null : before.name();
    }

    /** Returns the hash of the whole content, null if it has changed or was not computed. */
    public @Nullable String contentBefore() {
        return before != null && (state == State.FINISHED || state == State.CONTINUED) ? before.content() : null;
    }

    /** Returns whether the name or version differs from the earlier progress, which must then be written again. */
    public boolean isNews() {
        return before != null && (movedFrom() != null || !source.version().equals(before.version()));
    }

    private static boolean isVersionOf(Source source, EarlierRead before) {
        return !source.version().isEmpty()
                && source.version().equals(before.version())
                && source.bytes() == before.bytes();
    }

    /** Old progress has no hash; then equal fingerprints are enough. */
    private static boolean hasContentOf(Source source, EarlierRead before) throws IOException {
        return before.content() == null || source.contentHash(before.bytes()).equals(before.content());
    }

    private static boolean hasGrown(Source source, EarlierRead before) throws IOException {
        return before.bytes() >= 0
                && source.bytes() > before.bytes()
                && SourceFormat.isAppendable(source.fileName())
                && source.fingerprint(before.bytes()).equals(before.fingerprint())
                // A server would send the whole file again.
                && (source.path() == null || hasContentOf(source, before));
    }
}

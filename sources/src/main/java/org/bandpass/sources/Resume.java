package org.bandpass.sources;

import java.io.IOException;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;

/**
 * Where reading a source begins, given what an earlier run read of it.
 *
 * @param source the source
 * @param fingerprint its content now
 * @param position records that are skipped because they were decided before
 * @param before what was decided before, or null
 * @param state how the source stands to what was decided before
 */
public record Resume(
        Source source,
        String fingerprint,
        long position,
        @Nullable EarlierRead before,
        State state) {

    /** How a source stands to what was decided before. */
    public enum State {
        /** Never seen. */
        NEW,
        /** Read to its end and unchanged. */
        FINISHED,
        /** Not read to its end and unchanged. */
        CONTINUED,
        /** As before, with more after it. */
        GROWN,
        /** Not what it was. */
        CHANGED,
        /** Cannot be looked at; what was decided before stays as it is. */
        UNREADABLE
    }

    static Resume of(Source source, @Nullable EarlierRead before) throws IOException {
        if (!source.lasts()) {
            // What was read of another input counts on, but nothing of it comes again.
            return new Resume(source, "", 0, before, State.NEW);
        }
        if (before == null) {
            return new Resume(source, source.fingerprint(source.bytes()), 0, null, State.NEW);
        }
        // What a server says about its file costs no further request.
        boolean vouched = source.path() == null && isVersionOf(source, before);
        String now = vouched ? before.fingerprint() : source.fingerprint(source.bytes());
        if (now.equals(before.fingerprint())) {
            return isVersionOf(source, before) || hasContentOf(source, before)
                    ? unchanged(source, before)
                    : new Resume(source, now, 0, before, State.CHANGED);
        }
        if (hasGrown(source, before)) {
            return new Resume(source, now, before.position(), before, State.GROWN);
        }
        return new Resume(source, now, 0, before, State.CHANGED);
    }

    /** Returns the same start at another position. */
    Resume at(long other) {
        return new Resume(source, fingerprint, other, before, state);
    }

    private static boolean hasGrown(Source source, EarlierRead before) throws IOException {
        return before.bytes() >= 0
                && source.bytes() > before.bytes()
                && isAppendable(source)
                && source.fingerprint(before.bytes()).equals(before.fingerprint())
                // A server would send all of it once more.
                && (source.path() == null || hasContentOf(source, before));
    }

    /** Returns the start of a source that is what was read before, under its name or another. */
    static Resume unchanged(Source source, EarlierRead before) {
        State state = before.finished() ? State.FINISHED : State.CONTINUED;
        return new Resume(source, before.fingerprint(), before.position(), before, state);
    }

    /** Returns the path under which the content was read before, if that is another; else null. */
    @Nullable
    public String movedFrom() {
        return before == null || before.name().equals(source.name()) ? null : before.name();
    }

    /** Returns the hash of the content as it was read before; null where it has changed or nobody knows it. */
    public @Nullable String contentBefore() {
        return before != null && (state == State.FINISHED || state == State.CONTINUED) ? before.content() : null;
    }

    /** Returns whether something is to be noted of a file that was read to its end: its path or time is another. */
    public boolean isNews() {
        return before != null && (movedFrom() != null || !source.version().equals(before.version()));
    }

    private static boolean isVersionOf(Source source, EarlierRead before) {
        return !source.version().isEmpty()
                && source.version().equals(before.version())
                && source.bytes() == before.bytes();
    }

    /** Older progress has no hash; then the ends of the content are all that can be compared. */
    private static boolean hasContentOf(Source source, EarlierRead before) throws IOException {
        return before.content() == null || source.contentHash(before.bytes()).equals(before.content());
    }

    private static boolean isAppendable(Source source) {
        try {
            return SourceFormat.named(source.fileName()).appendable();
        } catch (SourceFailure e) {
            return false;
        }
    }
}

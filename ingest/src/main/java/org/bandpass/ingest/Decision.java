package org.bandpass.ingest;

import org.bandpass.schemas.SplitPart;
import org.jspecify.annotations.Nullable;

/** What was decided about a source or a record of it; made by the reading thread, carried out by the writing one. */
sealed interface Decision {

    /** Reading a source begins, from its beginning or where it was left. */
    record Begun(FileStart file) implements Decision {}

    /**
     * A record becomes a document.
     *
     * @param id document id
     * @param part part of the split
     * @param value the document as serialised
     * @param ordinal how many documents were admitted to the topic before it
     * @param domain domain
     * @param url where it was found, or null
     * @param textBytes length of the text in UTF-8
     */
    record Admitted(
            String id,
            SplitPart part,
            byte[] value,
            long ordinal,
            String domain,
            @Nullable String url,
            long textBytes) implements Decision {}

    /**
     * A record, or the rest of the source, is refused.
     *
     * @param reason why
     * @param detail the error, for people
     * @param content the refused bytes when they are few, or null
     */
    record Refused(Rejection reason, String detail, byte @Nullable [] content) implements Decision {}

    /** A record that is not meant to hold a text is passed over. */
    record Passed(String kind) implements Decision {}

    /**
     * Reading a source ends.
     *
     * @param complete true when it was read to its end
     */
    record Ended(boolean complete) implements Decision {}

    /**
     * All sources were read, or reading failed.
     *
     * @param failure why, or null
     */
    record Closed(@Nullable Throwable failure) implements Decision {}
}

package org.bandpass.ingest;

import org.bandpass.languagemodel.tokenizer.TokenizedText;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.SplitStamp;
import org.bandpass.sources.Resume;
import org.bandpass.sources.record.Rejection;
import org.jspecify.annotations.Nullable;

/** What was decided about a source or a record of it; made by the reading thread, carried out by the writing one. */
sealed interface Decision {

    /** Returns how many records of the source it decides about: one, or none where it is about the source. */
    default int records() {
        return 0;
    }

    /** Reading a source begins, from its beginning or where it was left. */
    record Begun(Resume file) implements Decision {}

    /** A record is admitted as a document. */
    sealed interface Accepted extends Decision {

        @Override
        default int records() {
            return 1;
        }

        /** Returns the document id. */
        String id();

        /** Returns the part of the split. */
        SplitPart part();

        /** Returns the domain. */
        String domain();

        /** Returns where it was found, or null. */
        @Nullable
        String url();

        /** Returns the length of the text in UTF-8. */
        long textBytes();

        /** Returns about how many bytes of memory it takes. */
        long held();
    }

    /**
     * A document that is written as it is.
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
            long textBytes) implements Accepted {

        @Override
        public long held() {
            return value.length;
        }
    }

    /**
     * A document that is packed into sequences.
     *
     * @param id document id
     * @param stamp its split
     * @param text its tokens, one at least
     * @param domain domain
     * @param url where it was found, or null
     * @param textBytes length of the text in UTF-8
     */
    record Tokenized(
            String id,
            SplitStamp stamp,
            TokenizedText text,
            String domain,
            @Nullable String url,
            long textBytes) implements Accepted {

        @Override
        public SplitPart part() {
            return stamp.getPart();
        }

        @Override
        public long held() {
            return 2L * Integer.BYTES * text.ids().length;
        }
    }

    /**
     * A record, or the rest of the source, is refused.
     *
     * @param reason why
     * @param detail the error, for people
     * @param content the refused bytes when they are few, or null
     */
    record Refused(Rejection reason, String detail, byte @Nullable [] content) implements Decision {
        @Override
        public int records() {
            return reason.ofFile() ? 0 : 1;
        }
    }

    /** A record that is not meant to hold a text is skipped. */
    record Skipped(String kind) implements Decision {
        @Override
        public int records() {
            return 1;
        }
    }

    /**
     * Reading a source ends.
     *
     * @param complete true when it was read to its end
     * @param content hash of its whole content, or null
     */
    record Ended(boolean complete, @Nullable String content) implements Decision {}

    /**
     * All sources were read, or reading failed.
     *
     * @param failure why, or null
     */
    record Closed(@Nullable Throwable failure) implements Decision {}
}

package org.bandpass.ingest;

import java.util.concurrent.Future;
import org.bandpass.languagemodel.tokenizer.TokenizedText;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.SplitStamp;
import org.bandpass.sources.Resume;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.jspecify.annotations.Nullable;

/** What happens to a source or a record. The reading thread decides, the writing thread carries it out. */
sealed interface Decision {

    /** Returns about how many bytes of memory it takes. */
    default long memoryBytes() {
        return 0;
    }

    /** Reading of a source begins, at its start or where an earlier run stopped. */
    record Begun(Resume file) implements Decision {}

    /**
     * A record that will be admitted or refused when its turn comes; only {@link Lookahead} sees it.
     *
     * @param id document id
     * @param bytes length of the text in UTF-8
     * @param text its tokens, in the making; null if they are not needed
     */
    record Undecided(
            Candidate candidate,
            String id,
            int bytes,
            @Nullable Future<TokenizedText> text) implements Decision {

        @Override
        public long memoryBytes() {
            return bytes + length(candidate.domain()) + length(candidate.url());
        }

        private static long length(@Nullable String text) {
            return text == null ? 0 : text.length();
        }
    }

    /** A record is admitted as a document. */
    sealed interface Accepted extends Decision {

        /** Returns the document id. */
        String id();

        SplitPart part();

        String domain();

        @Nullable
        String url();

        /** Returns the length of the text in UTF-8. */
        long textBytes();
    }

    /** A document that is written whole; the value is its record, serialised. */
    record Admitted(
            String id,
            SplitPart part,
            byte[] value,
            String domain,
            @Nullable String url,
            long textBytes) implements Accepted {

        @Override
        public long memoryBytes() {
            return value.length;
        }
    }

    /** A document that is packed into sequences; it has at least one token. */
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
        public long memoryBytes() {
            return 2L * Integer.BYTES * text.ids().length;
        }
    }

    /**
     * A record, or the remainder of the source, is refused.
     *
     * @param detail the error, for people
     * @param content the refused bytes if they are few, or null
     */
    record Refused(Rejection reason, String detail, byte @Nullable [] content) implements Decision {

        Refused(Rejection reason, String detail) {
            this(reason, detail, null);
        }

        @Override
        public long memoryBytes() {
            return content == null ? 0 : content.length;
        }
    }

    /** A record that is not meant to hold text is skipped. */
    record Skipped(String kind) implements Decision {}

    /**
     * Reading of a source ends.
     *
     * @param complete whether it was read to its end
     * @param content hash of its whole content, or null
     */
    record Ended(boolean complete, @Nullable String content) implements Decision {}

    /** All sources were read, or, where there is a failure, reading failed. */
    record Closed(@Nullable Throwable failure) implements Decision {}
}

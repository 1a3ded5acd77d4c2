package org.bandpass.sources.record;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is at one position of a source. */
public sealed interface SourceRecord {

    /**
     * A text that may become a document: with the source's own domain, language and id, where it was found, when it was
     * crawled or written, and other fields.
     */
    record Candidate(
            String text,
            @Nullable String domain,
            @Nullable String language,
            @Nullable String sourceId,
            @Nullable String url,
            @Nullable String date,
            Map<String, String> metadata)
            implements SourceRecord {

        /** Returns a text with no more than a domain and an id. */
        public static Candidate of(String text, @Nullable String domain, @Nullable String sourceId) {
            return new Candidate(text, domain, null, sourceId, null, null, Map.of());
        }
    }

    /**
     * A record that cannot become a document.
     *
     * @param detail the error, for people, without text of the record
     * @param content the record's bytes if they are few, or null
     */
    record Unusable(Rejection reason, String detail, byte @Nullable [] content) implements SourceRecord {

        /** Largest content that is kept in a dead letter. */
        public static final int MOST_CONTENT = 64 << 10;

        public static Unusable of(Rejection reason, String detail) {
            return new Unusable(reason, detail, null);
        }
    }

    /** A record with token ids, given as JSON, and perhaps the source's own id or a text, too. */
    record TokenIds(@Nullable String sourceId, boolean withText, String ids) implements SourceRecord {}

    /** A record that is not meant to hold a text, such as a request or an image; its kind is of a small set. */
    record PassedOver(String kind) implements SourceRecord {}
}

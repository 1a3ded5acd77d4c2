package org.bandpass.sources.record;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a reader finds at one position of a source. */
public sealed interface SourceRecord {

    /**
     * A text that may become a document.
     *
     * @param text the text
     * @param domain domain as the source names it, or null
     * @param language language as the source names it, or null
     * @param sourceId the source's own id, or null
     * @param url where the text was found, or null
     * @param date when it was crawled or written, or null
     * @param metadata other fields
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

        /** Returns a text of which only the domain and the source's id are known. */
        public static Candidate of(String text, @Nullable String domain, @Nullable String sourceId) {
            return new Candidate(text, domain, null, sourceId, null, null, Map.of());
        }
    }

    /**
     * A record that cannot become a document.
     *
     * @param reason why
     * @param detail the error, for people; no text of the record
     * @param content the record's bytes when they are few, or null
     */
    record Unusable(Rejection reason, String detail, byte @Nullable [] content) implements SourceRecord {

        /** Largest content that is kept in a dead letter. */
        public static final int MOST_CONTENT = 64 << 10;

        public static Unusable of(Rejection reason, String detail) {
            return new Unusable(reason, detail, null);
        }
    }

    /**
     * A record with token ids.
     *
     * @param sourceId the source's own id, or null
     * @param withText whether it has a text, too
     * @param ids the ids as JSON
     */
    record TokenIds(@Nullable String sourceId, boolean withText, String ids) implements SourceRecord {}

    /**
     * A record that is not meant to hold a text, such as a request or an image.
     *
     * @param kind what it is, from a small set
     */
    record PassedOver(String kind) implements SourceRecord {}
}

package org.bandpass.scorer;

import org.bandpass.schemas.Document;
import org.jspecify.annotations.Nullable;

/**
 * A record of documents that is being scored.
 *
 * @param offset its offset
 * @param timestamp its timestamp, which the scored record gets too
 * @param key its key, the document's id
 * @param size bytes of its value
 * @param content what is scored, or why nothing is
 */
record FlightDocument(long offset, long timestamp, byte[] key, int size, Content content) {

    /**
     * Either a document with its ids, or a refusal.
     *
     * @param document null where it was refused
     * @param ids token ids
     * @param tokens how many of the ids are scored
     * @param bytes UTF-8 bytes of the text that these cover
     * @param refusal null where it is scored
     */
    record Content(
            @Nullable Document document,
            int[] ids,
            int tokens,
            long bytes,
            @Nullable Refusal refusal) {

        static Content of(Document document, int[] ids, int tokens, long bytes) {
            return new Content(document, ids, tokens, bytes, null);
        }

        static Content refused(Refusal refusal) {
            return new Content(null, new int[0], 0, 0, refusal);
        }
    }

    FlightDocument refused(Refusal refusal) {
        return new FlightDocument(offset, timestamp, key, size, Content.refused(refusal));
    }

    int[] ids() {
        return content.ids();
    }

    int tokens() {
        return content.tokens();
    }
}

package org.bandpass.scorer;

import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.jspecify.annotations.Nullable;

/**
 * A record of documents on its way to a score.
 *
 * @param timestamp copied to the scored record
 * @param key the document's id
 * @param size bytes of the record's value
 */
record FlightDocument(long offset, long timestamp, byte[] key, int size, Content content) {

    /**
     * Either a document with its ids, or a refusal.
     *
     * @param document null if refused
     * @param ids token ids
     * @param tokens how many of the ids are scored
     * @param bytes UTF-8 bytes of the text that these cover
     * @param refusal null if it is scored
     */
    record Content(
            @Nullable Document document,
            int[] ids,
            int tokens,
            long bytes,
            @Nullable Refusal refusal) {

        static Content refused(Refusal refusal) {
            return new Content(null, new int[0], 0, 0, refusal);
        }
    }

    /**
     * Why a document has no score.
     *
     * @param detail the error, for people; never text of the document
     * @param content the record's value, or null
     */
    record Refusal(DeadLetterReason reason, String detail, byte @Nullable [] content) {

        private static final AvroSerde<Document> DOCUMENTS = AvroSerde.of(Document.class);

        static Refusal of(DeadLetterReason reason, String detail, Document document) {
            return new Refusal(reason, detail, DOCUMENTS.write(document));
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

package org.bandpass.scorer;

import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.jspecify.annotations.Nullable;

/**
 * Why a document has no score.
 *
 * @param reason one of a closed set
 * @param detail the error, for people; never text of the document
 * @param content the record's value, or null where there is none
 */
record Refusal(DeadLetterReason reason, String detail, byte @Nullable [] content) {

    private static final AvroSerde<Document> DOCUMENTS = AvroSerde.of(Document.class);

    static Refusal of(DeadLetterReason reason, String detail, Document document) {
        return new Refusal(reason, detail, DOCUMENTS.write(document));
    }
}

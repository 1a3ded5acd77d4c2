package org.bandpass.scorer;

import static org.bandpass.scorer.DeadLetterReason.CONTRADICTORY_SPLIT;
import static org.bandpass.scorer.DeadLetterReason.EMPTY_TEXT;
import static org.bandpass.scorer.DeadLetterReason.NO_TOKENS;
import static org.bandpass.scorer.DeadLetterReason.TOKENIZER_FAILED;
import static org.bandpass.scorer.DeadLetterReason.UNKNOWN_TOKEN;
import static org.bandpass.scorer.DeadLetterReason.UNREADABLE_RECORD;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.languagemodel.TextTokenizer;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.Unit;
import org.bandpass.scorer.FlightDocument.Content;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Reads a record of the final split and makes ids of its text. Thread-safe. */
final class TokenizeDocument {

    private final AvroSerde<Document> serde = AvroSerde.of(Document.class);
    private final TextTokenizer tokenizer;
    private final int vocabulary;
    private final long mostTokens;

    /**
     * Makes the step.
     *
     * @param vocabulary ids that the model knows
     * @param mostTokens tokens of a document that are scored
     */
    TokenizeDocument(TextTokenizer tokenizer, int vocabulary, long mostTokens) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.mostTokens = mostTokens;
    }

    /**
     * Reads one record.
     *
     * @throws ProgramFailure if it is a sequence that another tokenizer made
     */
    FlightDocument read(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        Content content = value == null ? refuse(UNREADABLE_RECORD, "the record has no value", null) : read(value);
        return new FlightDocument(
                record.offset(), record.timestamp(), key(record, content), value == null ? 0 : value.length, content);
    }

    private static byte[] key(ConsumerRecord<byte[], byte[]> record, Content content) {
        if (record.key() != null) {
            return record.key();
        }
        Document document = content.document();
        return bytes(document != null ? document.getId() : record.partition() + "/" + record.offset());
    }

    private Content read(byte[] value) {
        Document document;
        try {
            document = serde.read(value);
        } catch (SerializationException e) {
            return refuse(UNREADABLE_RECORD, String.valueOf(e.getMessage()), value);
        }
        if (document.getSplit().getPart() != SplitPart.FINAL) {
            return refuse(
                    CONTRADICTORY_SPLIT,
                    "the record's header says final, its content "
                            + document.getSplit().getPart(),
                    value);
        }
        return document.getUnit() == Unit.SEQUENCE ? sequence(document, value) : text(document, value);
    }

    private Content text(Document document, byte[] value) {
        String text = document.getText();
        if (text.isEmpty()) {
            return refuse(EMPTY_TEXT, "the document has no text", value);
        }
        try {
            int[] ids = tokenizer.encode(text);
            if (ids.length == 0) {
                return refuse(NO_TOKENS, "the tokenizer makes no tokens of the text", value);
            }
            int tokens = scored(ids);
            long bytes = tokens == ids.length ? document.getBytes() : tokenizer.bytesOf(text, tokens);
            return known(document, ids, bytes, value);
        } catch (RuntimeException e) {
            // Without its message, which may quote the text.
            return refuse(
                    TOKENIZER_FAILED,
                    "the tokenizer failed with " + e.getClass().getSimpleName(),
                    value);
        }
    }

    private Content sequence(Document document, byte[] value) {
        String made = document.getTokenizerRevision();
        if (!tokenizer.revision().equals(made)) {
            throw new ProgramFailure("sequence " + document.getId() + " was packed with tokenizer " + made
                    + ", the model has " + tokenizer.revision()
                    + ": sequences can only be scored with the tokenizer that made them");
        }
        List<Integer> stored = document.getTokenIds();
        if (stored == null || stored.isEmpty()) {
            return refuse(EMPTY_TEXT, "the sequence has no token ids", value);
        }
        int[] ids = stored.stream().mapToInt(Integer::intValue).toArray();
        // There is no text to measure: under a cap the tokens are taken to be equally long.
        return known(document, ids, document.getBytes() * scored(ids) / ids.length, value);
    }

    private Content known(Document document, int[] ids, long bytes, byte[] value) {
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                return refuse(UNKNOWN_TOKEN, "id " + id + " is outside the model's vocabulary of " + vocabulary, value);
            }
        }
        return Content.of(document, ids, scored(ids), bytes);
    }

    private int scored(int[] ids) {
        return (int) Math.min(mostTokens, ids.length);
    }

    private static Content refuse(DeadLetterReason reason, String detail, byte @Nullable [] value) {
        return Content.refused(new Refusal(reason, detail, value));
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }
}

package org.bandpass.scorer;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.languagemodel.tokenizer.TokenizerFailedException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.Unit;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.scorer.FlightDocument.Content;
import org.bandpass.scorer.FlightDocument.Refusal;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record of the final split and tokenises its text. Thread-safe.
 *
 * @param vocabulary number of ids that the model knows
 * @param mostTokens tokens of a document that are scored at most
 * @param allowed positions at which a record becomes a dead letter instead of stopping the program
 */
record TokenizeDocument(TextTokenizer tokenizer, int vocabulary, long mostTokens, DeadLetterPositions allowed) {

    private static final AvroSerde<Document> DOCUMENTS = AvroSerde.of(Document.class);

    /**
     * Reads one record.
     *
     * @throws ProgramFailure if its schema is unknown or another tokenizer made the sequence, and its position is not
     *     allowed
     */
    FlightDocument read(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        Content content = value == null
                ? refuse(DeadLetterReason.UNREADABLE_RECORD, "the record has no value", null)
                : read(record, value);
        return new FlightDocument(
                record.offset(), record.timestamp(), key(record, content), value == null ? 0 : value.length, content);
    }

    private static byte[] key(ConsumerRecord<byte[], byte[]> record, Content content) {
        if (record.key() != null) {
            return record.key();
        }
        Document document = content.document();
        return HeaderNames.bytes(document != null ? document.getId() : record.partition() + "/" + record.offset());
    }

    private Content read(ConsumerRecord<byte[], byte[]> record, byte[] value) {
        if (HeaderNames.part(record.headers()) == null) {
            return refuse(
                    DeadLetterReason.MISSING_SPLIT,
                    "the record has no header " + HeaderNames.SPLIT + " that names a part of the split",
                    value);
        }
        Document document;
        try {
            document = DOCUMENTS.read(value);
        } catch (UnknownSchemaException e) {
            if (isAllowed(record)) {
                return refuse(DeadLetterReason.UNKNOWN_SCHEMA, String.valueOf(e.getMessage()), value);
            }
            throw new ProgramFailure(e.at(record.topic(), record.partition(), record.offset()), e);
        } catch (SerializationException e) {
            return refuse(DeadLetterReason.UNREADABLE_RECORD, String.valueOf(e.getMessage()), value);
        }
        if (document.getSplit().getPart() != SplitPart.FINAL) {
            String content = "the record's header says final, its content "
                    + document.getSplit().getPart();
            return refuse(DeadLetterReason.CONTRADICTORY_SPLIT, content, value);
        }
        return document.getUnit() == Unit.SEQUENCE ? sequence(record, document, value) : text(document, value);
    }

    private boolean isAllowed(ConsumerRecord<?, ?> record) {
        return allowed.contains(record.topic(), record.partition(), record.offset());
    }

    private Content text(Document document, byte[] value) {
        String text = document.getText();
        if (text.isEmpty()) {
            return refuse(DeadLetterReason.EMPTY_TEXT, "the document has no text", value);
        }
        try {
            int[] ids = tokenizer.encode(text);
            if (ids.length == 0) {
                return refuse(DeadLetterReason.NO_TOKENS, "the tokenizer makes no tokens of the text", value);
            }
            int tokens = scored(ids);
            long bytes = tokens == ids.length ? document.getBytes() : tokenizer.bytesOf(text, tokens);
            return known(document, ids, bytes, value);
        } catch (TokenizerFailedException e) {
            return refuse(DeadLetterReason.TOKENIZER_FAILED, String.valueOf(e.getMessage()), value);
        }
    }

    private Content sequence(ConsumerRecord<?, ?> record, Document document, byte[] value) {
        String made = document.getTokenizerRevision();
        if (!tokenizer.revision().equals(made)) {
            String difference =
                    "the sequence was packed with tokenizer " + made + ", the model has " + tokenizer.revision();
            if (isAllowed(record)) {
                return refuse(DeadLetterReason.OTHER_TOKENIZER, difference, value);
            }
            String position = DeadLetterPositions.name(record.topic(), record.partition(), record.offset());
            throw new ProgramFailure("the record at " + position + " cannot be scored: " + difference
                    + ". Score it with a model that has the tokenizer which made the sequences, or let it become a dead"
                    + " letter with --set " + DeadLetterPositions.SETTING + "=" + position);
        }
        List<Integer> stored = document.getTokenIds();
        if (stored == null || stored.isEmpty()) {
            return refuse(DeadLetterReason.EMPTY_TEXT, "the sequence has no token ids", value);
        }
        int[] ids = stored.stream().mapToInt(Integer::intValue).toArray();
        // There is no text to measure: a cap assumes tokens of equal length.
        return known(document, ids, document.getBytes() * scored(ids) / ids.length, value);
    }

    private Content known(Document document, int[] ids, long bytes, byte[] value) {
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                return refuse(
                        DeadLetterReason.UNKNOWN_TOKEN,
                        "id " + id + " is outside the model's vocabulary of " + vocabulary,
                        value);
            }
        }
        return new Content(document, ids, scored(ids), bytes, null);
    }

    private int scored(int[] ids) {
        return (int) Math.min(mostTokens, ids.length);
    }

    private static Content refuse(DeadLetterReason reason, String detail, byte @Nullable [] value) {
        return Content.refused(new Refusal(reason, detail, value));
    }
}

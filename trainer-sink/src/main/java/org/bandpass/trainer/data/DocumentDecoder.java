package org.bandpass.trainer.data;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.Unit;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.service.ProgramFailure;
import org.bandpass.trainer.data.RefusedDocument.Reason;

/**
 * Reads the documents of a run from its records, and refuses those that must not be trained on.
 *
 * @param tokenizerRevision the tokenizer whose ids the run's model knows
 * @param vocabularySize number of these ids
 * @param passable positions of records with an unknown schema that are refused; others stop the program
 */
public record DocumentDecoder(
        RunData data, String tokenizerRevision, int vocabularySize, DeadLetterPositions passable) {

    private static final AvroSerde<Document> DOCUMENTS = AvroSerde.of(Document.class);
    private static final AvroSerde<ScoredDocument> SCORED = AvroSerde.of(ScoredDocument.class);

    /**
     * Reads a record that {@link RunData#concerns} the run; the same bytes are always read or always refused.
     *
     * @throws RefusedDocument if this one record cannot be used
     * @throws ProgramFailure if its kind cannot be used at all
     */
    TrainingDocument decode(ConsumerRecord<byte[], byte[]> record) throws RefusedDocument {
        Document document = document(record);
        Split split = Split.of(document.getSplit());
        return document.getUnit() == Unit.SEQUENCE
                ? new TrainingDocument(split, null, ids(document))
                : new TrainingDocument(split, document.getText(), null);
    }

    /** Reads a record in the same way, but does not check the ids of a sequence. */
    public Document document(ConsumerRecord<byte[], byte[]> record) throws RefusedDocument {
        Document document = read(record);
        if (document.getSplit().getPart() != data.part()) {
            throw new RefusedDocument(
                    Reason.WRONG_SPLIT,
                    "a run on " + data.words() + " reads only documents of the split "
                            + HeaderNames.nameOf(data.part()) + "; this one is stamped "
                            + HeaderNames.nameOf(document.getSplit().getPart()));
        }
        return document;
    }

    private Document read(ConsumerRecord<byte[], byte[]> record) throws RefusedDocument {
        byte[] value = record.value();
        try {
            return data.role() == RunRole.REFERENCE
                    ? DOCUMENTS.read(value)
                    : SCORED.read(value).getDocument();
        } catch (UnknownSchemaException e) {
            if (!passable.contains(record.topic(), record.partition(), record.offset())) {
                throw new ProgramFailure(e.at(record.topic(), record.partition(), record.offset()), e);
            }
            throw new RefusedDocument(Reason.UNREADABLE_RECORD, String.valueOf(e.getMessage()));
        } catch (SerializationException e) {
            throw new RefusedDocument(Reason.UNREADABLE_RECORD, String.valueOf(e.getMessage()));
        }
    }

    private int[] ids(Document document) throws RefusedDocument {
        if (!tokenizerRevision.equals(document.getTokenizerRevision())) {
            throw new ProgramFailure("topic " + data.topic().name() + " holds sequences of tokenizer "
                    + document.getTokenizerRevision() + ", but --tokenizer is " + tokenizerRevision
                    + ": train with the tokenizer that packed them");
        }
        List<Integer> given = document.getTokenIds();
        if (given == null) {
            throw new RefusedDocument(Reason.WRONG_TOKEN_IDS, "a sequence without token ids");
        }
        int[] ids = new int[given.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = given.get(i);
            if (ids[i] < 0 || ids[i] >= vocabularySize) {
                throw new RefusedDocument(
                        Reason.WRONG_TOKEN_IDS,
                        "id " + ids[i] + " is outside the tokenizer's vocabulary of " + vocabularySize);
            }
        }
        return ids;
    }
}

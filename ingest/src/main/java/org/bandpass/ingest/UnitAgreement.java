package org.bandpass.ingest;

import java.util.List;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.SequenceRemainder;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitStamp;
import org.bandpass.schemas.Unit;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * Properties that all records of one documents topic must share, because no reader could repair a mixture: the split,
 * and the unit with its length and tokenizer.
 *
 * @param topic name of the topic
 * @param split split of the documents to be ingested
 * @param unit their unit in words
 */
record UnitAgreement(String topic, Split split, String unit) {

    private static final String WHOLE = "whole documents";
    private static final String ELSEWHERE = ", or ingest under another topic.prefix";

    static UnitAgreement of(IngestSettings settings, @Nullable TokenizingThreads tokenizing) {
        return new UnitAgreement(
                settings.topics().documents().name(),
                settings.split(),
                tokenizing == null ? WHOLE : sequences(tokenizing.settings().tokens(), tokenizing.revision()));
    }

    /**
     * Checks a record of the topic.
     *
     * @throws ProgramFailure if it cannot be mixed with the documents to be ingested
     */
    void require(Document found) {
        String where = "topic " + topic + " holds ";
        List<Integer> ids = found.getTokenIds();
        int tokens = ids == null ? 0 : ids.size();
        require(found.getSplit(), where + "documents");
        requireUnit(found.getUnit() == Unit.SEQUENCE ? sequences(tokens, found.getTokenizerRevision()) : WHOLE, where);
    }

    /**
     * Checks the tokens that wait in a packer.
     *
     * @param ingest name of the packer's ingest
     * @throws ProgramFailure if they cannot be mixed with the documents to be ingested
     */
    void require(SequenceRemainder remainder, String ingest) {
        String where = "in the packers of ingest '" + ingest + "' wait ";
        require(remainder.getSplit(), where + "documents");
        requireUnit(sequences(remainder.getSequenceTokens(), remainder.getTokenizerRevision()), where + "tokens for ");
    }

    private void require(SplitStamp found, String where) {
        if (!Split.of(found).equals(split)) {
            throw new ProgramFailure(where + " of the split " + Split.of(found).words() + ", and these would be of "
                    + split.words() + ": readers refuse a mixture; ingest with the same seed and shares" + ELSEWHERE);
        }
    }

    private void requireUnit(String found, String where) {
        if (!found.equals(unit)) {
            throw new ProgramFailure(where + found + ", and these would be " + unit
                    + ": their scores do not compare; ingest with the same --unit, --sequence-tokens and --tokenizer"
                    + ELSEWHERE);
        }
    }

    private static String sequences(int tokens, @Nullable String tokenizerRevision) {
        return "sequences of " + tokens + " tokens of tokenizer " + tokenizerRevision;
    }
}

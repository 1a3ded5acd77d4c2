package org.bandpass.ingest;

import java.util.List;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.SequenceRemainder;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.Unit;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * What all records of one documents topic have in common, which no reader could mend afterwards: the split, and whether
 * they are documents or sequences, of how many tokens, of which tokenizer.
 *
 * @param topic name of the topic
 * @param split the split of what is to be ingested
 * @param packing how it is packed, null where documents stay as they are
 */
record UnitAgreement(String topic, Split split, @Nullable PackingRules packing) {

    private static final String ELSEWHERE = ", or ingest under another topic.prefix";

    static UnitAgreement of(IngestSettings settings, @Nullable PackingRules packing) {
        return new UnitAgreement(settings.topics().documents().name(), settings.split(), packing);
    }

    /**
     * Checks a record of the topic.
     *
     * @throws ProgramFailure if it cannot be mixed with what comes
     */
    void require(Document there) {
        require(Split.of(there.getSplit()), "topic " + topic + " holds documents");
        List<Integer> ids = there.getTokenIds();
        boolean sequence = there.getUnit() == Unit.SEQUENCE;
        requireUnit(
                sequence ? words(ids == null ? 0 : ids.size(), String.valueOf(there.getTokenizerRevision())) : words(),
                "topic " + topic + " holds ");
    }

    /**
     * Checks what waits in a packer.
     *
     * @param ingest whose packer it is
     * @throws ProgramFailure if it cannot be mixed with what comes
     */
    void require(SequenceRemainder left, String ingest) {
        String where = "in the packers of ingest '" + ingest + "' wait ";
        require(Split.of(left.getSplit()), where + "documents");
        requireUnit(words(left.getSequenceTokens(), left.getTokenizerRevision()), where + "tokens for ");
    }

    private void require(Split there, String where) {
        if (!there.equals(split)) {
            throw new ProgramFailure(where + " split with " + words(there) + ", and these would be split with "
                    + words(split) + ": a mixture is refused by all readers; ingest with the same seed and shares"
                    + ELSEWHERE);
        }
    }

    private void requireUnit(String there, String where) {
        String these = packing == null ? words() : words(packing.tokens(), packing.tokenizerRevision());
        if (!there.equals(these)) {
            throw new ProgramFailure(where + there + ", and these would be " + these
                    + ": their scores do not compare; ingest with the same --unit, --sequence-tokens and --tokenizer"
                    + ELSEWHERE);
        }
    }

    private static String words() {
        return "whole documents";
    }

    private static String words(int tokens, String tokenizerRevision) {
        return "sequences of " + tokens + " tokens of tokenizer " + tokenizerRevision;
    }

    private static String words(Split split) {
        return "seed " + split.seed() + " and shares " + split.heldOutShare() + " held out, " + split.referenceShare()
                + " reference";
    }
}

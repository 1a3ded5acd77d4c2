package org.bandpass.scorer;

import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.Split;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Requires that all documents were split in the same way. One thread at a time. */
final class SplitCheck {

    private final DeadLetterPositions allowed;
    private @Nullable Split first;
    private String firstPosition = "";

    /**
     * Makes the check.
     *
     * @param allowed documents there may differ
     */
    SplitCheck(DeadLetterPositions allowed) {
        this.allowed = allowed;
    }

    /**
     * Takes a document.
     *
     * @param position of its record, as the setting spells it
     * @return null where its split is that of the first, otherwise in what it differs
     * @throws ProgramFailure if it differs, and its position is not allowed to
     */
    @Nullable
    String difference(Document document, String position) {
        Split stamped = Split.of(document.getSplit());
        boolean may = allowed.names().contains(position);
        if (first == null && !may) {
            first = stamped;
            firstPosition = position;
        }
        if (stamped.equals(first)) {
            return null;
        }
        String difference = "it is stamped with the split " + words(stamped)
                + (first == null ? "" : ", the document at " + firstPosition + " with " + words(first));
        if (may) {
            return difference;
        }
        throw new ProgramFailure("the document at " + position + " is of another split: " + difference
                + ". What is final by one may have trained the reference model by the other; ingest all with the same"
                + " seed and shares, use another topic.prefix, or let one of the two become a dead letter with --set "
                + DeadLetterPositions.SETTING + "=" + position);
    }

    private static String words(Split split) {
        return "(seed " + split.seed() + ", held-out " + split.heldOutShare() + ", reference " + split.referenceShare()
                + ")";
    }
}

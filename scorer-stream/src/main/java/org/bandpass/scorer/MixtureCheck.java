package org.bandpass.scorer;

import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.Split;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Requires that all documents were split in the same way, and all scores made in the same way. One thread at a time. */
final class MixtureCheck {

    private final DeadLetterPositions allowed;
    private final ScoreOrigin own;
    private final boolean mixed;
    private @Nullable Split first;
    private String firstPosition = "";
    private boolean warned;

    /**
     * Makes the check.
     *
     * @param allowed positions of documents whose split may differ
     * @param own how this scorer makes scores
     * @param mixed whether scores may have been made in another way
     */
    MixtureCheck(DeadLetterPositions allowed, ScoreOrigin own, boolean mixed) {
        this.allowed = allowed;
        this.own = own;
        this.mixed = mixed;
    }

    /**
     * Compares the split of a document with that of the first.
     *
     * @param position of its record, as the setting spells it
     * @return the difference, or null if there is none
     * @throws ProgramFailure if it differs and its position is not allowed
     */
    @Nullable
    String splitDifference(Document document, String position) {
        Split stamped = Split.of(document.getSplit());
        boolean mayDiffer = allowed.names().contains(position);
        if (first == null && !mayDiffer) {
            first = stamped;
            firstPosition = position;
        }
        if (stamped.equals(first)) {
            return null;
        }
        String difference = "it is stamped with the split " + stamped.words()
                + (first == null ? "" : ", the document at " + firstPosition + " with " + first.words());
        if (mayDiffer) {
            return difference;
        }
        throw new ProgramFailure("the document at " + position + " is of another split: " + difference
                + ". What is final by one may have trained the reference model by the other; ingest all with the same"
                + " seed and shares, use another topic.prefix, or let one of the two become a dead letter with --set "
                + DeadLetterPositions.SETTING + "=" + position);
    }

    /**
     * Checks an existing score; warns once if it does not record how it was made.
     *
     * @param topic its topic, for messages
     * @throws ProgramFailure if it was made in another way
     */
    void requireSameOrigin(Score score, String topic) {
        if (mixed) {
            return;
        }
        ScoreOrigin existing = ScoreOrigin.of(score);
        if (!existing.orElse(own).equals(own)) {
            throw new ProgramFailure(topic + " holds scores that were made in another way: " + existing.words()
                    + "; this scorer has " + own.words()
                    + ". Such scores cannot be ranked together: score with the same, use another topic.prefix, or mix"
                    + " them with --mix-revisions");
        }
        if (!existing.isRecorded() && !warned) {
            warned = true;
            System.err.println(topic + " holds scores of an earlier version, which do not record how they were made ("
                    + existing.words() + "); this scorer adds scores with " + own.words()
                    + ", which can be ranked together with them only if they were made in the same way");
        }
    }
}

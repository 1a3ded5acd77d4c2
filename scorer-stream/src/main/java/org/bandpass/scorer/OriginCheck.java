package org.bandpass.scorer;

import org.bandpass.schemas.Score;
import org.bandpass.service.ProgramFailure;

/** Requires that all scores of a topic were made in the same way. One thread at a time. */
final class OriginCheck {

    private final ScoreOrigin own;
    private final boolean mixed;
    private boolean warned;

    /**
     * Makes the check.
     *
     * @param own how this scorer's scores are made
     * @param mixed whether scores that were made in another way are allowed beside them
     */
    OriginCheck(ScoreOrigin own, boolean mixed) {
        this.own = own;
        this.mixed = mixed;
    }

    /**
     * Takes a score that is there; warns once where it does not record everything.
     *
     * @param topic where it is, for messages
     * @throws ProgramFailure if it was made in another way
     */
    void check(Score score, String topic) {
        if (mixed) {
            return;
        }
        ScoreOrigin there = ScoreOrigin.of(score);
        if (!there.orElse(own).equals(own)) {
            throw new ProgramFailure(topic + " holds scores that were made in another way: " + there.words()
                    + "; this scorer has " + own.words()
                    + ". Such scores cannot be ranked together: score with the same, use another topic.prefix, or mix"
                    + " them with --mix-revisions");
        }
        if (!there.isRecorded() && !warned) {
            warned = true;
            System.err.println(topic + " holds scores of an earlier version, which do not record how they were made ("
                    + there.words() + "); this scorer adds scores with " + own.words()
                    + ", which can be ranked together with them only if they were made in the same way");
        }
    }
}

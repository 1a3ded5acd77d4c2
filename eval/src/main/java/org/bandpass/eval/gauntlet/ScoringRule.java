package org.bandpass.eval.gauntlet;

import java.util.List;

/** Scores rows of one task. */
interface ScoringRule {

    /**
     * Returns the score of each row, in order. A row that cannot be scored has an error.
     *
     * @throws NotFiniteException if the model gives a likelihood that is no number
     */
    List<RowScore> score(List<AskedRow> rows);
}

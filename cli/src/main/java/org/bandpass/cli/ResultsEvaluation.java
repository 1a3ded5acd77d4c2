package org.bandpass.cli;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What evaluation found of one run; empty where it was not evaluated.
 *
 * @param heldOut likelihood of the held-out split
 * @param heldOutByDomain the same by domain
 * @param tasks by name of the task
 * @param categories normalised accuracy by category
 * @param average mean of the categories
 */
record ResultsEvaluation(
        @Nullable ResultsLikelihood heldOut,
        SortedMap<String, ResultsLikelihood> heldOutByDomain,
        SortedMap<String, ResultsTask> tasks,
        SortedMap<String, Double> categories,
        @Nullable Double average) {

    /** The task that is made from held-out documents. */
    static final String CLOZE = "cloze";

    static final ResultsEvaluation NONE =
            new ResultsEvaluation(null, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), null);

    @Nullable
    ResultsTask cloze() {
        return tasks.get(CLOZE);
    }
}

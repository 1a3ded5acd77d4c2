package org.bandpass.eval.results;

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
public record RunEvaluation(
        @Nullable HeldOutResult heldOut,
        SortedMap<String, HeldOutResult> heldOutByDomain,
        SortedMap<String, TaskResult> tasks,
        SortedMap<String, Double> categories,
        @Nullable Double average) {

    /** The task that is made from held-out documents. */
    public static final String CLOZE = "cloze";

    public static final RunEvaluation NONE =
            new RunEvaluation(null, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), null);

    @Nullable
    public TaskResult cloze() {
        return tasks.get(CLOZE);
    }
}

package org.bandpass.eval.results;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run achieves in one task.
 *
 * @param accuracy share of rows answered rightly
 * @param standardError standard error of the accuracy
 * @param rows rows of the task
 * @param chance accuracy of guessing
 * @param difference accuracy minus the control's, paired by row; null for the control and where it has none
 * @param differenceError standard error of the difference
 * @param leftOut domains with too few documents to be asked about, with their number of documents
 */
public record TaskResult(
        @Nullable Double accuracy,
        @Nullable Double standardError,
        long rows,
        double chance,
        @Nullable Double difference,
        @Nullable Double differenceError,
        SortedMap<String, Integer> leftOut) {}

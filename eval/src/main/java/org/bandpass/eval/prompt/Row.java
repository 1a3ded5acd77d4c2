package org.bandpass.eval.prompt;

import java.util.List;

/**
 * A row of a task's file. Strings of the row itself are stripped, those in its lists are not.
 *
 * @param index index in the file, from 0
 * @param category empty where the task is not split
 * @param context the question; empty of a schema task
 * @param answer continuation, or the first answer of a generation task; empty of multiple choice
 * @param options choices, or context options of a schema task; else empty
 * @param gold index of the right option; -1 without options
 * @param labels accepted answers of a generation task, not stripped, sorted and different; else empty
 * @param reasoning chain of thought; empty for none
 */
record Row(
        int index,
        String category,
        String context,
        String answer,
        List<String> options,
        int gold,
        List<String> labels,
        String reasoning) {}

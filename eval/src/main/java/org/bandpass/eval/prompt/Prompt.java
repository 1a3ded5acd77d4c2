package org.bandpass.eval.prompt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as it is asked. The input of a model is the preamble, a context and a continuation, tokenised apart.
 *
 * @param row index of the row in its file, from 0
 * @param preamble the shots; empty without shots
 * @param shotStarts index in the preamble of each shot's first character, delimiter included
 * @param contexts the asked context; of a schema task one for each option
 * @param continuations the scored text; of multiple choice one for each choice; none of a generation task
 * @param gold index of the right choice or option; null of other tasks
 * @param answers accepted answers of a generation task, sorted by code points, as the file writes them; else empty
 * @param reasoning chain of thought of a generation task that the model's room depends on; else empty
 */
public record Prompt(
        int row,
        String preamble,
        List<Integer> shotStarts,
        List<String> contexts,
        List<String> continuations,
        @Nullable Integer gold,
        List<String> answers,
        String reasoning) {

    public Prompt {
        shotStarts = List.copyOf(shotStarts);
        contexts = List.copyOf(contexts);
        continuations = List.copyOf(continuations);
        answers = List.copyOf(answers);
    }
}

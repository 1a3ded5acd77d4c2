package org.bandpass.eval.results;

import java.util.List;
import org.bandpass.eval.figures.GauntletFigures;
import org.bandpass.eval.figures.PairedBootstrap;
import org.jspecify.annotations.Nullable;

/**
 * The score of a run in a profile.
 *
 * @param step the last one that was scored
 * @param against the difference to the control; null for the control, and without one
 * @param longestPrompt most tokens of a prompt with its answer
 * @param unfinished tasks of which rows are still missing, for example {@code copa/0-shot (50 of 100 rows)}
 */
public record FinalScore(
        long step,
        GauntletFigures figures,
        @Nullable PairedBootstrap against,
        int longestPrompt,
        List<String> unfinished) {

    public FinalScore {
        unfinished = List.copyOf(unfinished);
    }
}

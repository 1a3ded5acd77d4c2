package org.bandpass.eval.report;

import org.bandpass.eval.figures.Difference;
import org.bandpass.eval.figures.MeanScore;
import org.bandpass.eval.figures.TaskFigures;
import org.jspecify.annotations.Nullable;

/** Formats scores in the tasks of a profile without claiming more than they show. */
final class ScoreWords {

    private ScoreWords() {}

    /** Returns a normalised score × 100 with its standard error, and says where tasks are left out of it. */
    static String score(MeanScore mean) {
        if (mean.score() == null) {
            return Words.UNKNOWN + " (none of " + mean.of() + " tasks)";
        }
        String score = withError(100 * mean.score(), mean.standardError(), 2);
        return mean.partial() ? score + " (" + mean.remark() + ")" : score;
    }

    /** Returns an accuracy in per cent with its standard error. */
    static String accuracy(TaskFigures task) {
        return task.accuracy() == null ? Words.UNKNOWN : withError(100 * task.accuracy(), task.standardError(), 1);
    }

    private static String withError(double value, @Nullable Double error, int decimals) {
        return Words.decimals(value, decimals) + (error == null ? "" : " ± " + Words.decimals(100 * error, decimals));
    }

    /** Returns a difference of normalised scores × 100 to the control's, with its 95 % interval. */
    static String difference(@Nullable Difference difference) {
        if (difference == null) {
            return Words.UNKNOWN;
        }
        if (difference.difference() == 0 && difference.standardError() == 0) {
            return "none: both are right in the same rows" + without(difference);
        }
        double value = 100 * difference.difference();
        return (value < 0 ? "lower by " : "higher by ") + Words.decimals(Math.abs(value), 2)
                + " ± " + Words.decimals(100 * difference.standardError(), 2) + " points (95 %: "
                + Words.decimals(100 * difference.low(), 2) + " to " + Words.decimals(100 * difference.high(), 2)
                + "), "
                + (difference.withinNoise() ? "within" : "beyond") + " the noise of the questions"
                + without(difference) + "; one seed";
    }

    private static String without(Difference difference) {
        int absent = difference.absent().size();
        return absent == 0
                ? ""
                : "; partial, without " + (absent > 3 ? absent + " tasks" : Words.list(difference.absent()));
    }

    /** Returns a key of a profile as words. */
    static String name(String key) {
        return key.replace('_', ' ');
    }
}

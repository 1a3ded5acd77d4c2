package org.bandpass.eval.gauntlet;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The score of one row of a task.
 *
 * @param row index in the task's file
 * @param category the task's category that the row belongs to, empty where the task has none
 * @param correct by the official rule of the task's type; false where there is an error
 * @param options what was scored: one for each choice, the answer alone for language modelling, none for generation
 * @param gold index of the right one among the options, -1 where there are none
 * @param choice index chosen by the official rule; null where there is no choice
 * @param tied whether another option is as good as the choice
 * @param tokensCut most tokens cut from the beginning of a prompt
 * @param shotsLost examples that the cut reached
 * @param generated the generated text; null for other types
 * @param error why the row could not be scored; null where it was
 */
public record RowScore(
        int row,
        String category,
        boolean correct,
        List<Option> options,
        int gold,
        @Nullable Integer choice,
        boolean tied,
        int tokensCut,
        int shotsLost,
        @Nullable String generated,
        @Nullable String error) {

    /**
     * The likelihood of one continuation.
     *
     * @param nats sum of -ln p over its tokens
     * @param bytes of its text in UTF-8 without the space in front, at least 1
     */
    public record Option(double nats, int tokens, int bytes) {

        /** Returns the official score, of which the smallest wins: nats per token. */
        public double perToken() {
            return nats / tokens;
        }

        public double perByte() {
            return nats / bytes;
        }
    }

    static RowScore unscored(int row, String category, String error) {
        return new RowScore(row, category, false, List.of(), -1, null, false, 0, 0, null, error);
    }

    /** Returns whether the option with the least nats is right; null where there is no choice. */
    public @Nullable Boolean sumCorrect() {
        return choice == null ? null : least(options, Option::nats) == gold;
    }

    /** Returns whether the option with the least nats per byte is right; null where there is no choice. */
    public @Nullable Boolean byteCorrect() {
        return choice == null ? null : least(options, Option::perByte) == gold;
    }

    /** Returns the likelihood of the right answer, or null where none was scored. */
    public @Nullable Option goldOption() {
        return gold < 0 || options.isEmpty() ? null : options.get(gold);
    }

    /** Returns the index of the smallest value, the first of equal ones. */
    static int least(List<Option> options, ToDoubleFunction<Option> value) {
        int best = 0;
        for (int o = 1; o < options.size(); o++) {
            if (value.applyAsDouble(options.get(o)) < value.applyAsDouble(options.get(best))) {
                best = o;
            }
        }
        return best;
    }
}

package org.bandpass.eval;

import org.bandpass.eval.gauntlet.RowScore;
import org.bandpass.eval.gauntlet.ScoredRow;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.profile.TaskType;
import org.bandpass.eval.prompt.Prompt;
import org.bandpass.schemas.EvaluationAnswer;
import org.bandpass.schemas.EvaluationRow;
import org.jspecify.annotations.Nullable;

/** Scored rows of gauntlet tasks as rows of {@code evaluations}. */
final class GauntletRows {

    private GauntletRows() {}

    /**
     * Returns a row; its id is its index in the task's file, its group the part of a task that is split, else the task's
     * category. Likelihoods are those of the right answer.
     */
    static EvaluationRow row(ProfileTask task, ScoredRow scored) {
        RowScore score = scored.score();
        RowScore.Option gold = score.goldOption();
        return EvaluationRow.newBuilder()
                .setId(Integer.toString(score.row()))
                .setGroup(score.category().isEmpty() ? task.category() : score.category())
                .setCorrect(score.correct() ? 1.0 : 0.0)
                .setNats(gold == null ? 0 : gold.nats())
                .setTokens(gold == null ? 0 : gold.tokens())
                .setBytes(gold == null ? 0 : gold.bytes())
                .setAnswer(answer(task.type(), scored.prompt(), score))
                .build();
    }

    private static EvaluationAnswer answer(TaskType type, Prompt prompt, RowScore score) {
        return EvaluationAnswer.newBuilder()
                .setOptions(options(type, prompt))
                .setChoice(score.choice())
                .setGold(prompt.gold())
                .setTied(score.tied())
                .setSumCorrect(number(score.sumCorrect()))
                .setByteCorrect(number(score.byteCorrect()))
                .setTokensCut(score.tokensCut())
                .setShotsLost(score.shotsLost())
                .setError(score.error())
                .build();
    }

    private static int options(TaskType type, Prompt prompt) {
        return switch (type) {
            case MULTIPLE_CHOICE -> prompt.continuations().size();
            case SCHEMA -> prompt.contexts().size();
            case LANGUAGE_MODELING, GENERATION -> 0;
        };
    }

    private static @Nullable Double number(@Nullable Boolean correct) {
        if (correct == null) {
            return null;
        }
        return correct ? 1.0 : 0.0;
    }
}

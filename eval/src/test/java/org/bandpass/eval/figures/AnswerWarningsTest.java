package org.bandpass.eval.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.eval.figures.Gauntlets.row;
import static org.bandpass.eval.figures.Gauntlets.task;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.schemas.EvaluationAnswer;
import org.bandpass.schemas.EvaluationRow;
import org.junit.jupiter.api.Test;

class AnswerWarningsTest {

    private final ProfileTask task = task("c", "t", 0.25);

    private List<String> warnings(int rows, IntFunction<EvaluationRow> row) {
        return AnswerWarnings.of(
                Gauntlets.scored(task, IntStream.range(0, rows).mapToObj(row).toList()));
    }

    private static EvaluationRow with(int id, boolean correct, EvaluationAnswer answer) {
        return new EvaluationRow(String.valueOf(id), "c", correct ? 1.0 : 0.0, 1.0, 1L, 1L, answer);
    }

    @Test
    void aGoodScoreNeedsNone() {
        // 80 of 100; guessing gets 25 ± 4.3.
        assertThat(warnings(100, i -> row(i, "c", i < 80, i % 4, 4))).isEmpty();
    }

    @Test
    void findsScoresThatGuessingGets() {
        // 25 ± 4.3 of 100, so two errors are 8.7.
        assertThat(warnings(100, i -> row(i, "c", i < 33, i % 4, 4)))
                .containsExactly("cannot be distinguished from guessing, which gets 25.0 %");
        assertThat(warnings(100, i -> row(i, "c", i < 34, i % 4, 4))).isEmpty();
        assertThat(warnings(100, i -> row(i, "c", i < 16, i % 4, 4))).isEmpty();
        assertThat(warnings(3, i -> with(i, false, new EvaluationAnswer(0, null, null, false, null, null, 0, 0, null))))
                .containsExactly("no row is right");
    }

    @Test
    void findsConstantAnswers() {
        assertThat(warnings(100, i -> row(i, "c", i < 60, i < 95 ? 2 : 1, 4)))
                .containsExactly("the answer is constant: number 3 in 95 of 100 rows, which is right in 25");
        assertThat(warnings(100, i -> row(i, "c", i < 60, i < 94 ? 2 : 1, 4))).isEmpty();
        assertThat(warnings(20, i -> with(i, true, new EvaluationAnswer(2, 0, 0, false, 1.0, 1.0, 0, 0, null))))
                .containsExactly(
                        "every right choice is number 1: a constant answer scores 100 %",
                        "the answer is constant: number 1 in 20 of 20 rows, which is right in 20");
    }

    @Test
    void countsTiesCutsAndErrors() {
        List<EvaluationRow> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add(with(
                    i,
                    i < 30,
                    new EvaluationAnswer(
                            4, i % 4, (i + i / 30) % 4, i < 3, 1.0, 1.0, i < 5 ? 7 : 0, i < 2 ? 2 : 0, null)));
        }
        rows.add(with(40, false, new EvaluationAnswer(0, null, null, false, null, null, 0, 0, "too long")));

        assertThat(AnswerWarnings.of(Gauntlets.scored(task, rows)))
                .containsExactly(
                        "1 of 41 rows cannot be scored and count as wrong: too long",
                        "5 of 41 prompts are longer than the context and lose their beginning; examples lost in whole"
                                + " or part: 4",
                        "3 of 41 rows tie: the first of the best choices counts");
    }
}

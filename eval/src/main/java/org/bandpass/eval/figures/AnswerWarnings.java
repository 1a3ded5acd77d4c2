package org.bandpass.eval.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.bandpass.schemas.EvaluationAnswer;
import org.bandpass.schemas.EvaluationRow;
import org.jspecify.annotations.Nullable;

/** Finds reasons not to trust the score of a task as it stands. */
final class AnswerWarnings {

    /** Share of rows with the same choice from which the answers count as constant. */
    private static final double CONSTANT = 0.95;

    /** Under so many rows equal answers may be an accident. */
    private static final int FEWEST_ROWS = 10;

    /** Standard errors from guessing below which a score cannot be told from it: about 95 % of guessers. */
    private static final double CERTAIN = 2;

    private final ScoredTask scored;
    private final List<EvaluationAnswer> answers;
    private final List<String> warnings = new ArrayList<>();

    private AnswerWarnings(ScoredTask scored) {
        this.scored = scored;
        this.answers = scored.rows().stream()
                .map(EvaluationRow::getAnswer)
                .filter(Objects::nonNull)
                .toList();
    }

    static List<String> of(ScoredTask scored) {
        AnswerWarnings found = new AnswerWarnings(scored);
        found.unscored();
        found.cut();
        found.constant();
        found.ties();
        found.chance();
        return List.copyOf(found.warnings);
    }

    private void warn(String format, Object... values) {
        warnings.add(String.format(Locale.ROOT, format, values));
    }

    private long count(Predicate<EvaluationAnswer> which) {
        return answers.stream().filter(which).count();
    }

    private void unscored() {
        List<String> errors = answers.stream()
                .map(EvaluationAnswer::getError)
                .filter(Objects::nonNull)
                .toList();
        if (!errors.isEmpty()) {
            warn("%d of %d rows cannot be scored and count as wrong: %s", errors.size(), answers.size(), errors.get(0));
        }
    }

    private void cut() {
        long cut = count(answer -> answer.getTokensCut() > 0);
        if (cut > 0) {
            int shots =
                    answers.stream().mapToInt(EvaluationAnswer::getShotsLost).sum();
            String lost = shots == 0 ? "" : String.format(Locale.ROOT, "; examples lost in whole or part: %,d", shots);
            warn("%d of %d prompts are longer than the context and lose their beginning%s", cut, answers.size(), lost);
        }
    }

    private void constant() {
        Map<Integer, Long> golds = byIndex(EvaluationAnswer::getGold);
        Map<Integer, Long> choices = byIndex(EvaluationAnswer::getChoice);
        long rows = choices.values().stream().mapToLong(Long::longValue).sum();
        if (rows < FEWEST_ROWS) {
            return;
        }
        if (golds.size() == 1) {
            warn("every right choice is number %d: a constant answer scores 100 %%", 1 + only(golds));
        }
        int usual = choices.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        long times = choices.getOrDefault(usual, 0L);
        if (times >= CONSTANT * rows) {
            warn(
                    "the answer is constant: number %d in %d of %d rows, which is right in %d",
                    1 + usual, times, rows, golds.getOrDefault(usual, 0L));
        }
    }

    private static int only(Map<Integer, Long> counts) {
        return counts.keySet().iterator().next();
    }

    private Map<Integer, Long> byIndex(Function<EvaluationAnswer, @Nullable Integer> index) {
        return answers.stream()
                .filter(answer -> answer.getOptions() > 0 && index.apply(answer) != null)
                .collect(Collectors.groupingBy(
                        answer -> Objects.requireNonNull(index.apply(answer)), Collectors.counting()));
    }

    private void ties() {
        long ties = count(EvaluationAnswer::getTied);
        if (ties > 0) {
            warn("%d of %d rows tie: the first of the best choices counts", ties, answers.size());
        }
    }

    /** Compares with guessing, 1 / choices, which is not always the baseline of a profile. */
    private void chance() {
        double expected = 0;
        double variance = 0;
        double right = 0;
        int rows = 0;
        boolean choosing = false;
        for (EvaluationRow row : scored.rows()) {
            EvaluationAnswer answer = row.getAnswer();
            if (answer != null && answer.getError() == null) {
                double guess = answer.getChoice() == null ? 0 : 1.0 / answer.getOptions();
                choosing |= guess > 0;
                expected += guess;
                variance += guess * (1 - guess);
                right += Objects.requireNonNullElse(row.getCorrect(), 0.0);
                rows++;
            }
        }
        if (choosing && Math.abs(right - expected) < CERTAIN * Math.sqrt(variance)) {
            warn("cannot be distinguished from guessing, which gets %.1f %%", 100 * expected / rows);
        } else if (rows > 0 && right == 0) {
            warn("no row is right");
        }
    }
}

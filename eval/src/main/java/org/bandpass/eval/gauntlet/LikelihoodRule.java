package org.bandpass.eval.gauntlet;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.gauntlet.RowScore.Option;
import org.bandpass.eval.prompt.Prompt;
import org.bandpass.languagemodel.ContinuationModel.ContinuationScore;
import org.bandpass.languagemodel.ContinuationModel.Question;

/**
 * Scores rows by the likelihood of given texts.
 *
 * <p>Language modelling: the row is right if every token of the answer is the most likely one. Multiple choice and schema:
 * the option with the least nats per token is chosen, the first of equal ones.
 *
 * @param choice whether one of several options is chosen
 */
record LikelihoodRule(String task, boolean choice, GauntletModel model, PromptTokens tokens, int batchTokens)
        implements ScoringRule {

    @Override
    public List<RowScore> score(List<AskedRow> rows) {
        List<RowQuestions> asked =
                rows.stream().map(row -> RowQuestions.of(row.prompt(), tokens)).toList();
        List<Question> questions =
                asked.stream().flatMap(row -> row.questions().stream()).toList();
        List<List<ContinuationScore>> answers = model.continuations().score(questions, batchTokens);
        List<RowScore> scores = new ArrayList<>();
        int from = 0;
        for (int r = 0; r < rows.size(); r++) {
            int to = from + asked.get(r).questions().size();
            scores.add(score(rows.get(r), asked.get(r), answers.subList(from, to)));
            from = to;
        }
        return scores;
    }

    private RowScore score(AskedRow row, RowQuestions asked, List<List<ContinuationScore>> answers) {
        String error = asked.error();
        if (error != null) {
            return row.unscored(error);
        }
        List<ContinuationScore> scores = asked.options(answers);
        List<Option> options = new ArrayList<>();
        for (int o = 0; o < scores.size(); o++) {
            options.add(option(row.prompt(), scores.get(o), o));
        }
        int best = RowScore.least(options, Option::perToken);
        int chosen = best;
        boolean tied = choice
                && options.stream()
                                .filter(option ->
                                        option.perToken() == options.get(chosen).perToken())
                                .count()
                        > 1;
        Integer gold = row.prompt().gold();
        int right = gold == null ? 0 : gold;
        return new RowScore(
                row.prompt().row(),
                row.category(),
                choice ? best == right : scores.get(0).allBest(),
                options,
                right,
                choice ? best : null,
                tied,
                asked.tokensCut(),
                asked.shotsLost(),
                null,
                null);
    }

    private Option option(Prompt prompt, ContinuationScore score, int index) {
        double nats = score.sum();
        if (!Double.isFinite(nats)) {
            throw new NotFiniteException(task, prompt.row());
        }
        String text = prompt.continuations().get(prompt.continuations().size() == 1 ? 0 : index);
        String answer = text.startsWith(" ") ? text.substring(1) : text;
        return new Option(nats, score.nats().length, Math.max(1, PromptTokens.bytes(answer)));
    }
}

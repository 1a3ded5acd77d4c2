package org.bandpass.eval.gauntlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import org.bandpass.eval.prompt.Prompt;
import org.bandpass.languagemodel.NonFiniteLogitException;

/**
 * Continues each prompt with the most likely tokens, and compares the text with the row's answers.
 *
 * @param rule what of the text is compared
 * @param mostTokens tokens that an answer may have; the prompt is cut to leave room for them
 */
record GenerationRule(
        String task, AnswerRule rule, int mostTokens, GauntletModel model, PromptTokens tokens, int batchTokens)
        implements ScoringRule {

    private record Cut(AskedRow row, int[] ids, int tokensCut, int shotsLost, AnswerLabels labels) {}

    @Override
    public List<RowScore> score(List<AskedRow> rows) {
        List<Cut> cut = rows.stream().map(this::cut).toList();
        List<Cut> possible = cut.stream().filter(one -> one.ids().length > 0).toList();
        List<int[]> texts = possible.isEmpty() ? List.of() : continued(possible);
        List<RowScore> scores = new ArrayList<>();
        int next = 0;
        for (Cut one : cut) {
            scores.add(one.ids().length == 0 ? one.row().unscored(noRoom()) : score(one, texts.get(next++)));
        }
        return scores;
    }

    private List<int[]> continued(List<Cut> rows) {
        List<int[]> prompts = rows.stream().map(Cut::ids).toList();
        try {
            return model.continuations().generate(prompts, mostTokens, batchTokens, ended(rows));
        } catch (NonFiniteLogitException e) {
            throw new NotFiniteException(
                    task, rows.get(e.prompt()).row().prompt().row());
        }
    }

    private String noRoom() {
        return "an answer of this task may have " + mostTokens + " tokens, which leaves no room for a prompt among "
                + tokens.longest();
    }

    private Cut cut(AskedRow row) {
        Prompt prompt = row.prompt();
        PromptTokens.Preamble preamble = tokens.preamble(prompt.preamble());
        PromptTokens.Context context =
                tokens.context(preamble, prompt.contexts().get(0));
        int room = tokens.longest() - mostTokens;
        return new Cut(
                row,
                context.last(room),
                context.cut(room),
                tokens.shotsLost(preamble, context.cut(room), prompt.shotStarts()),
                rule.labels(prompt.answers()));
    }

    /** Ends a text at the end-of-text token, or when no further token can change its score. */
    private BiPredicate<Integer, int[]> ended(List<Cut> rows) {
        Integer end = model.endOfText();
        return (index, ids) -> end != null && ids[ids.length - 1] == end
                || rule.canSettle() && rule.settled(text(ids), rows.get(index).labels());
    }

    private RowScore score(Cut cut, int[] ids) {
        String text = text(ids);
        return new RowScore(
                cut.row().prompt().row(),
                cut.row().category(),
                rule.accept(text, cut.labels()),
                List.of(),
                -1,
                null,
                false,
                cut.tokensCut(),
                cut.shotsLost(),
                text,
                null);
    }

    private String text(int[] ids) {
        Integer end = model.endOfText();
        boolean ended = end != null && ids.length > 0 && ids[ids.length - 1] == end;
        return model.decode(ended ? Arrays.copyOf(ids, ids.length - 1) : ids);
    }
}

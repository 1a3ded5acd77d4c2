package org.bandpass.languagemodel;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * The plain way: each continuation is a row with its whole prompt, and each new id of a generation takes another pass over the
 * whole text. Slow; the reference that {@link LanguageModel}'s own answers are compared with.
 */
public final class SeparateContinuations implements ContinuationModel {

    /** A prompt with one of its continuations. */
    private record Row(int question, int continuation, int prompt, int[] ids) {}

    private final LanguageModel model;

    /** Uses a model; closing this one closes it. */
    public SeparateContinuations(LanguageModel model) {
        this.model = model;
    }

    @Override
    public int contextLength() {
        return model.contextLength();
    }

    @Override
    public int vocabularySize() {
        return model.vocabularySize();
    }

    @Override
    public String revision() {
        return model.revision();
    }

    @Override
    public List<List<ContinuationScore>> score(List<Question> questions, int batchTokens) {
        Continuations scores = new Continuations(questions, contextLength(), vocabularySize());
        List<Row> rows = rows(questions);
        rows.sort(Comparator.comparingInt((Row row) -> row.ids().length).reversed());
        for (int at = 0; at < rows.size(); ) {
            int longest = rows.get(at).ids().length - 1;
            int end = Math.min(rows.size(), at + Math.max(1, batchTokens / longest));
            score(rows.subList(at, end), scores);
            at = end;
        }
        return scores.scores();
    }

    private void score(List<Row> batch, Continuations scores) {
        int[][] ids = batch.stream().map(Row::ids).toArray(int[][]::new);
        float[] results = model.compute("token_results", ids, NDArray::toFloatArray);
        int width = results.length / 2 / ids.length;
        for (int r = 0; r < ids.length; r++) {
            Row row = batch.get(r);
            for (int i = row.prompt(); i < ids[r].length; i++) {
                int at = r * width + i - 1;
                boolean best = results[results.length / 2 + at] == 1;
                scores.put(row.question(), row.continuation(), i - row.prompt(), results[at], best);
            }
        }
    }

    private static List<Row> rows(List<Question> questions) {
        List<Row> rows = new ArrayList<>();
        for (int q = 0; q < questions.size(); q++) {
            int[] prompt = questions.get(q).prompt();
            List<int[]> continuations = questions.get(q).continuations();
            for (int c = 0; c < continuations.size(); c++) {
                int[] ids = joined(prompt, continuations.get(c));
                rows.add(new Row(q, c, prompt.length, ids));
            }
        }
        return rows;
    }

    @Override
    public List<int[]> generate(
            List<int[]> prompts, int mostTokens, int batchTokens, BiPredicate<Integer, int[]> ended) {
        List<int[]> answers = new ArrayList<>();
        for (int p = 0; p < prompts.size(); p++) {
            int[] prompt = prompts.get(p);
            Continuations.checkIds(prompt, "prompt " + p, vocabularySize());
            int most = Math.min(mostTokens, contextLength() - prompt.length);
            int[] answer = new int[0];
            boolean end = most <= 0;
            while (!end) {
                answer = joined(answer, model.mostLikely(joined(prompt, answer)));
                end = ended.test(p, answer) || answer.length == most;
            }
            answers.add(answer);
        }
        return answers;
    }

    private static int[] joined(int[] first, int... second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Override
    public void close() {
        model.close();
    }
}

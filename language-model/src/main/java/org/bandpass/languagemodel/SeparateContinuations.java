package org.bandpass.languagemodel;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * The plain way: each continuation is a row with its whole prompt, and each new id of a generation takes another pass over the
 * whole text. Slow; the reference that {@link LanguageModel}'s own answers are compared with.
 */
public final class SeparateContinuations implements ContinuationModel {

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
        List<ContinuationText> rows = new ArrayList<>();
        for (int q = 0; q < questions.size(); q++) {
            rows.addAll(ContinuationText.of(questions.get(q), q));
        }
        rows.sort(Comparator.comparingInt(ContinuationText::inputs).reversed());
        for (int at = 0; at < rows.size(); ) {
            int longest = rows.get(at).inputs();
            int end = Math.min(rows.size(), at + Math.max(1, batchTokens / longest));
            score(rows.subList(at, end), scores);
            at = end;
        }
        return scores.scores();
    }

    private void score(List<ContinuationText> batch, Continuations scores) {
        int[][] ids = batch.stream().map(ContinuationText::ids).toArray(int[][]::new);
        float[] results = model.compute("token_results", ids, NDArray::toFloatArray);
        int width = results.length / 2 / ids.length;
        for (int r = 0; r < ids.length; r++) {
            ContinuationText row = batch.get(r);
            for (int i = row.prompt(); i < ids[r].length; i++) {
                int at = r * width + i - 1;
                boolean best = results[results.length / 2 + at] == 1;
                scores.put(row.question(), row.continuation(), i - row.prompt(), results[at], best);
            }
        }
    }

    @Override
    public List<int[]> generate(
            List<int[]> prompts, int mostTokens, int batchTokens, BiPredicate<Integer, int[]> ended) {
        List<int[]> answers = new ArrayList<>();
        for (int p = 0; p < prompts.size(); p++) {
            int[] prompt = prompts.get(p);
            Continuations.checkPrompt(prompt, p, contextLength(), vocabularySize());
            int most = Math.min(mostTokens, contextLength() - prompt.length);
            int[] answer = new int[0];
            boolean end = most <= 0;
            while (!end) {
                answer = ContinuationText.joined(
                        answer,
                        NonFiniteLogitException.check(model.mostLikely(ContinuationText.joined(prompt, answer)), p));
                end = ended.test(p, answer.clone()) || answer.length == most;
            }
            answers.add(answer);
        }
        return answers;
    }

    @Override
    public void close() {
        model.close();
    }
}

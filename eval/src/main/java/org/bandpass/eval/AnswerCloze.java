package org.bandpass.eval;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.languagemodel.ContinuationModel.ContinuationScore;
import org.bandpass.languagemodel.ContinuationModel.Question;
import org.bandpass.languagemodel.tokenizer.TokenizerFailedException;
import org.bandpass.schemas.EvaluationRow;
import org.jspecify.annotations.Nullable;

/**
 * Answers the cloze suite: of two continuations the model chooses the one with less nats given the context; the first of
 * equal ones. Both have the same bytes, so nats per byte would choose the same.
 *
 * <p><b>Seam.</b> Context and continuation are tokenised together, and the context alone; the continuations' tokens are
 * those after the common beginning of all three. A token that spans the seam thus belongs to the continuation, so that every
 * byte of a continuation counts.
 */
record AnswerCloze(EvalSettings.Cloze settings, int batchTokens, ClozeSuite suite) implements EvaluationTask {

    /** Changes whenever the same row would be another question or be scored in another way. */
    private static final String DEFINITION = "cloze 2";

    private static final double CHANCE = 1.0 / ClozeQuestion.CHOICES;

    /** Questions that the model gets together. */
    private static final int CHUNK = 512;

    private record Asked(ClozeQuestion question, Question tokens) {}

    @Override
    public String name() {
        return EvaluationSummary.CLOZE;
    }

    @Override
    public String version() {
        return DEFINITION + " (context " + settings.contextCharacters() + ", words " + ClozePassage.WORDS
                + ", rows per domain " + settings.rowsPerDomain() + ")";
    }

    @Override
    public String unit() {
        return "questions";
    }

    @Override
    public TaskScore score(RunModel model, Watch watch) {
        List<ClozeQuestion> questions = suite.questions();
        List<EvaluationRow> rows = new ArrayList<>();
        List<String> unasked = new ArrayList<>();
        for (int from = 0; from < questions.size(); from += CHUNK) {
            watch.at(from, questions.size());
            List<Asked> asked = new ArrayList<>();
            for (ClozeQuestion question : questions.subList(from, Math.min(questions.size(), from + CHUNK))) {
                try {
                    Question tokens = tokens(question, model);
                    if (tokens == null) {
                        unasked.add(question.id());
                    } else {
                        asked.add(new Asked(question, tokens));
                    }
                } catch (TokenizerFailedException e) {
                    unasked.add(question.id());
                }
            }
            List<List<ContinuationScore>> scores = model.continuations()
                    .score(asked.stream().map(Asked::tokens).toList(), batchTokens);
            for (int i = 0; i < asked.size(); i++) {
                rows.add(row(asked.get(i), scores.get(i)));
            }
        }
        watch.at(questions.size(), questions.size());
        return new TaskScore(name(), version(), CHANCE, suite.leftOut(), rows, 0, false, unasked);
    }

    /** Returns null where a choice alone fills the model's context. */
    private static @Nullable Question tokens(ClozeQuestion question, RunModel model) {
        int[] context = model.encode(question.context());
        List<int[]> wholes = question.choices().stream()
                .map(choice -> model.encode(question.context() + choice))
                .toList();
        int seam = wholes.stream().mapToInt(whole -> seam(context, whole)).min().orElseThrow();
        List<int[]> continuations = wholes.stream()
                .map(whole -> Arrays.copyOfRange(whole, seam, whole.length))
                .toList();
        int[] prompt = new int[1 + seam];
        prompt[0] = model.contextToken();
        System.arraycopy(wholes.get(0), 0, prompt, 1, seam);
        int longest = continuations.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        int room = model.continuations().contextLength() + 1 - longest;
        if (room < 1) {
            return null;
        }
        int cut = Math.max(0, prompt.length - room);
        return new Question(Arrays.copyOfRange(prompt, cut, prompt.length), continuations);
    }

    /** Returns the index in {@code whole} of the continuation's first token. */
    static int seam(int[] context, int[] whole) {
        int different = Arrays.mismatch(context, whole);
        int common = different < 0 ? context.length : different;
        return Math.min(common, whole.length - 1);
    }

    private static EvaluationRow row(Asked asked, List<ContinuationScore> scores) {
        ClozeQuestion question = asked.question();
        double first = scores.get(0).sum();
        double second = scores.get(1).sum();
        if (!Double.isFinite(first) || !Double.isFinite(second)) {
            throw RefusedRunException.notFinite(question.id());
        }
        int choice = second < first ? 1 : 0;
        int gold = question.gold();
        return new EvaluationRow(
                question.id(),
                question.domain(),
                choice == gold ? 1.0 : 0.0,
                scores.get(gold).sum(),
                (long) scores.get(gold).nats().length,
                (long) question.choices().get(gold).getBytes(StandardCharsets.UTF_8).length,
                null);
    }
}

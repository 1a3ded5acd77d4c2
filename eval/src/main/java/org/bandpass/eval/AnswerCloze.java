package org.bandpass.eval;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.languagemodel.DocumentLikelihoods;
import org.bandpass.languagemodel.tokenizer.TokenizerFailedException;
import org.bandpass.schemas.EvaluationRow;

/**
 * Answers the cloze suite: of four continuations the model chooses the one with the least nats per byte given the
 * context; the first of equal ones.
 *
 * <p><b>Normalisation.</b> The log-likelihood of a continuation is the sum over its tokens, divided by its UTF-8 bytes.
 * Continuations end at words and differ a little in length, so the plain sum would prefer the shorter ones, and a
 * mean over tokens would depend on the tokenizer; bytes do neither. ({@code acc_norm} of lm-evaluation-harness
 * does the same with characters.)
 *
 * <p><b>Seam.</b> Context and continuation are tokenised together, and the context alone; the continuation's tokens are
 * those after the common beginning of both. lm-evaluation-harness does the same (white space between the two belongs to
 * the continuation), except that here a token that spans the seam belongs to the continuation, so that every byte of a
 * continuation counts.
 */
record AnswerCloze(EvalSettings.Cloze settings, int batchTokens, ClozeSuite suite) implements EvaluationTask {

    /** Changes whenever the same row would be another question or be scored in another way. */
    private static final String DEFINITION = "cloze 1";

    private static final double CHANCE = 1.0 / ClozeQuestion.CHOICES;

    /** Questions that the model gets together. */
    private static final int CHUNK = 64;

    /** A question with the ids of each choice, context included, and the index of each continuation's first id. */
    private record Tokenized(ClozeQuestion question, List<int[]> ids, int[] seams) {}

    @Override
    public String name() {
        return EvaluationSummary.CLOZE;
    }

    @Override
    public String version() {
        return DEFINITION + " (context " + settings.contextCharacters() + ", continuation "
                + settings.continuationCharacters() + ", rows per domain " + settings.rowsPerDomain() + ")";
    }

    @Override
    public String unit() {
        return "questions";
    }

    @Override
    public TaskScore score(RunModel model, Watch watch) {
        DocumentLikelihoods likelihoods =
                new DocumentLikelihoods(model.likelihood(), model.contextToken(), batchTokens, 0);
        List<ClozeQuestion> questions = suite.questions();
        List<EvaluationRow> rows = new ArrayList<>();
        List<String> unasked = new ArrayList<>();
        for (int from = 0; from < questions.size(); from += CHUNK) {
            watch.at(from, questions.size());
            List<Tokenized> asked = new ArrayList<>();
            for (ClozeQuestion question : questions.subList(from, Math.min(questions.size(), from + CHUNK))) {
                try {
                    asked.add(tokenized(question, model));
                } catch (TokenizerFailedException e) {
                    unasked.add(question.id());
                }
            }
            List<float[]> nats = likelihoods.tokenNats(
                    asked.stream().flatMap(one -> one.ids().stream()).toList());
            for (int i = 0; i < asked.size(); i++) {
                int first = i * ClozeQuestion.CHOICES;
                rows.add(row(asked.get(i), nats.subList(first, first + ClozeQuestion.CHOICES)));
            }
        }
        watch.at(questions.size(), questions.size());
        return new TaskScore(name(), version(), CHANCE, suite.leftOut(), rows, 0, false, unasked);
    }

    private static Tokenized tokenized(ClozeQuestion question, RunModel model) {
        int[] context = model.encode(question.context());
        List<int[]> ids = question.choices().stream()
                .map(choice -> model.encode(question.context() + choice))
                .toList();
        return new Tokenized(
                question,
                ids,
                ids.stream().mapToInt(whole -> seam(context, whole)).toArray());
    }

    /** Returns the index in {@code whole} of the continuation's first token. */
    static int seam(int[] context, int[] whole) {
        int different = Arrays.mismatch(context, whole);
        int common = different < 0 ? context.length : different;
        return Math.min(common, whole.length - 1);
    }

    private static EvaluationRow row(Tokenized asked, List<float[]> nats) {
        ClozeQuestion question = asked.question();
        int gold = question.gold();
        int best = 0;
        double bestPerByte = Double.POSITIVE_INFINITY;
        double goldNats = 0;
        for (int c = 0; c < ClozeQuestion.CHOICES; c++) {
            double sum = 0;
            for (int t = asked.seams()[c]; t < nats.get(c).length; t++) {
                sum += nats.get(c)[t];
            }
            if (!Double.isFinite(sum)) {
                throw RefusedRunException.notFinite(question.id());
            }
            double perByte = sum / bytes(question.choices().get(c));
            if (perByte < bestPerByte) {
                best = c;
                bestPerByte = perByte;
            }
            goldNats = c == gold ? sum : goldNats;
        }
        return new EvaluationRow(
                question.id(),
                question.domain(),
                best == gold ? 1.0 : 0.0,
                goldNats,
                (long) nats.get(gold).length - asked.seams()[gold],
                bytes(question.choices().get(gold)),
                null);
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

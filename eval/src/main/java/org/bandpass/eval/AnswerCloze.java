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
 * Continuations are cut at words and differ a little in length, so the plain sum would prefer the shorter ones, and a
 * mean over tokens would depend on the tokenizer; bytes do neither. ({@code acc_norm} of lm-evaluation-harness
 * does the same with characters.)
 *
 * <p><b>Seam.</b> Context and continuation are tokenised together, and the context alone; the continuation's tokens are
 * those after the common beginning of both. That is lm-evaluation-harness' way (white space between the
 * two belongs to the continuation), except that a token that spans the seam is the continuation's, so that no byte of a
 * continuation is ever left out.
 */
final class AnswerCloze {

    /** Changes whenever the same row would be another question or be scored in another way. */
    private static final String DEFINITION = "cloze 1";

    private static final double CHANCE = 1.0 / ClozeQuestion.CHOICES;

    /** Questions that are given to the model together. */
    private static final int CHUNK = 64;

    private final EvalSettings.Cloze settings;
    private final int batchTokens;

    AnswerCloze(EvalSettings.Cloze settings, int batchTokens) {
        this.settings = settings;
        this.batchTokens = batchTokens;
    }

    static String version(EvalSettings.Cloze settings) {
        return DEFINITION + " (context " + settings.contextCharacters() + ", continuation "
                + settings.continuationCharacters() + ", rows per domain " + settings.rowsPerDomain() + ")";
    }

    TaskScore score(RunModel model, ClozeSuite suite, List<ClozeQuestion> questions, Watch watch) {
        DocumentLikelihoods likelihoods =
                new DocumentLikelihoods(model.likelihood(), model.contextToken(), batchTokens, 0);
        List<EvaluationRow> rows = new ArrayList<>();
        List<String> unasked = new ArrayList<>();
        for (int from = 0; from < questions.size(); from += CHUNK) {
            watch.check();
            List<ClozeQuestion> chunk = questions.subList(from, Math.min(questions.size(), from + CHUNK));
            List<ClozeQuestion> asked = new ArrayList<>();
            List<int[]> ids = new ArrayList<>();
            List<Integer> seams = new ArrayList<>();
            for (ClozeQuestion question : chunk) {
                try {
                    encode(question, model, ids, seams);
                    asked.add(question);
                } catch (TokenizerFailedException e) {
                    unasked.add(question.id());
                }
            }
            List<float[]> nats = ids.isEmpty() ? List.of() : likelihoods.tokenNats(ids);
            for (int i = 0; i < asked.size(); i++) {
                int first = i * ClozeQuestion.CHOICES;
                int end = first + ClozeQuestion.CHOICES;
                rows.add(row(asked.get(i), nats.subList(first, end), seams.subList(first, end)));
            }
            watch.done(from + chunk.size());
        }
        return new TaskScore(
                EvaluationSummary.CLOZE, version(settings), CHANCE, suite.leftOut(), rows, 0, false, unasked);
    }

    /** Adds the ids and the seam of each choice, or of none where the tokenizer fails. */
    private static void encode(ClozeQuestion question, RunModel model, List<int[]> ids, List<Integer> seams) {
        int[] context = model.encode(question.context());
        List<int[]> choices = question.choices().stream()
                .map(choice -> model.encode(question.context() + choice))
                .toList();
        choices.forEach(whole -> seams.add(seam(context, whole)));
        ids.addAll(choices);
    }

    /** Returns the index in {@code whole} of the continuation's first token. */
    static int seam(int[] context, int[] whole) {
        int different = Arrays.mismatch(context, whole);
        int common = different < 0 ? context.length : different;
        return Math.min(common, whole.length - 1);
    }

    private static EvaluationRow row(ClozeQuestion question, List<float[]> nats, List<Integer> seams) {
        int best = 0;
        double bestPerByte = Double.POSITIVE_INFINITY;
        double goldNats = 0;
        for (int c = 0; c < ClozeQuestion.CHOICES; c++) {
            double sum = 0;
            for (int t = seams.get(c); t < nats.get(c).length; t++) {
                sum += nats.get(c)[t];
            }
            if (!Double.isFinite(sum)) {
                throw ScoreHeldOut.notFinite(question.id());
            }
            double perByte = sum / bytes(question.choices().get(c));
            if (perByte < bestPerByte) {
                best = c;
                bestPerByte = perByte;
            }
            goldNats = c == question.gold() ? sum : goldNats;
        }
        return new EvaluationRow(
                question.id(),
                question.domain(),
                best == question.gold() ? 1.0 : 0.0,
                goldNats,
                (long) nats.get(question.gold()).length - seams.get(question.gold()),
                bytes(question.choices().get(question.gold())));
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

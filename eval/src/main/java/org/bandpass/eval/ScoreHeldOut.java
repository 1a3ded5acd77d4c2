package org.bandpass.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bandpass.eval.RefusedRunException.Reason;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.languagemodel.DocumentLikelihoods;
import org.bandpass.languagemodel.Likelihood;
import org.bandpass.languagemodel.tokenizer.TokenizerFailedException;
import org.bandpass.schemas.EvaluationRow;

/**
 * Scores held-out documents: one row each, with the conventions of {@link DocumentLikelihoods} and the run's own
 * tokenizer. Nats are summed over bytes of text and not over tokens to compare models of different tokenizers.
 */
final class ScoreHeldOut {

    /** Changes whenever rows of the same document stop being comparable. */
    private static final String DEFINITION = "held-out 1";

    /** Documents that are given to the model together, in the order of their ids, so that batches never depend on timing. */
    private static final long CHUNK_BYTES = 128 << 10;

    private final EvalSettings.HeldOut settings;
    private final int batchTokens;

    ScoreHeldOut(EvalSettings.HeldOut settings, int batchTokens) {
        this.settings = settings;
        this.batchTokens = batchTokens;
    }

    static String version(EvalSettings.HeldOut settings) {
        return DEFINITION + " (bytes " + settings.bytes() + ", document bytes " + settings.documentBytes()
                + ", windows " + settings.maxWindows() + ")";
    }

    TaskScore score(RunModel model, HeldOutSample sample, Watch watch) {
        DocumentLikelihoods likelihoods =
                new DocumentLikelihoods(model.likelihood(), model.contextToken(), batchTokens, settings.maxWindows());
        List<EvaluationRow> rows = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        List<HeldOutDocument> documents = sample.documents();
        long cut = 0;
        int next = 0;
        while (next < documents.size()) {
            watch.check();
            List<HeldOutDocument> chunk = new ArrayList<>();
            List<int[]> ids = new ArrayList<>();
            long bytes = 0;
            for (; next < documents.size() && (bytes == 0 || bytes < CHUNK_BYTES); next++) {
                HeldOutDocument document = documents.get(next);
                int[] tokens = tokens(document, model);
                bytes += document.bytes();
                if (tokens.length == 0) {
                    empty.add(document.id());
                } else {
                    chunk.add(document);
                    ids.add(tokens);
                }
            }
            List<Likelihood> scored = ids.isEmpty() ? List.of() : likelihoods.score(ids);
            for (int i = 0; i < chunk.size(); i++) {
                rows.add(row(chunk.get(i), scored.get(i), model));
                cut += chunk.get(i).cut() || scored.get(i).capped() ? 1 : 0;
            }
            watch.done(next);
        }
        return new TaskScore(
                EvaluationSummary.HELD_OUT, version(settings), 0, Map.of(), rows, cut, sample.capped(), empty);
    }

    private static int[] tokens(HeldOutDocument document, RunModel model) {
        HeldOutDocument.Sequence sequence = document.sequence();
        if (sequence == null) {
            return document.text().isEmpty() ? new int[0] : tokens(document.text(), model);
        }
        if (!sequence.tokenizerRevision().equals(model.tokenizerRevision())) {
            throw new RefusedRunException(
                    Reason.OTHER_TOKENIZER,
                    "held-out sequence " + document.id() + " was packed with tokenizer " + sequence.tokenizerRevision()
                            + ", the model has " + model.tokenizerRevision()
                            + ": sequences can only be scored with the tokenizer that made them");
        }
        return sequence.ids().stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns no tokens where the tokenizer fails: the text is listed with the empty ones. */
    private static int[] tokens(String text, RunModel model) {
        try {
            return model.encode(text);
        } catch (TokenizerFailedException e) {
            return new int[0];
        }
    }

    private static EvaluationRow row(HeldOutDocument document, Likelihood likelihood, RunModel model) {
        if (!Double.isFinite(likelihood.nats())) {
            throw notFinite(document.id());
        }
        return new EvaluationRow(
                document.id(),
                document.domain(),
                null,
                likelihood.nats(),
                likelihood.tokens(),
                bytes(document, likelihood, model));
    }

    /** Text that a cap on windows left out must not count as predicted. */
    private static long bytes(HeldOutDocument document, Likelihood likelihood, RunModel model) {
        if (!likelihood.capped()) {
            return document.bytes();
        }
        HeldOutDocument.Sequence sequence = document.sequence();
        // A sequence has no text to measure: its tokens count as equally long.
        return sequence == null
                ? model.bytesOf(document.text(), Math.toIntExact(likelihood.tokens()))
                : document.bytes() * likelihood.tokens() / sequence.ids().size();
    }

    static RefusedRunException notFinite(String documentId) {
        return new RefusedRunException(
                Reason.NOT_FINITE,
                "the model's likelihood of document " + documentId
                        + " is not a finite number; its training has probably diverged");
    }
}

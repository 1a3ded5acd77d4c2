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
 * tokenizer. Nats are divided by bytes of text, not by tokens, to compare models of different tokenizers.
 */
record ScoreHeldOut(EvalSettings.HeldOut settings, int batchTokens, HeldOutSample sample) implements EvaluationTask {

    /** Changes whenever rows of the same document stop being comparable. */
    private static final String DEFINITION = "held-out 1";

    /** Text that the model gets together, in the order of ids, so that batches never depend on timing. */
    private static final long CHUNK_BYTES = 128 << 10;

    @Override
    public String name() {
        return EvaluationSummary.HELD_OUT;
    }

    @Override
    public String version() {
        return DEFINITION + " (bytes " + settings.bytes() + ", document bytes " + settings.documentBytes()
                + ", windows " + settings.maxWindows() + ")";
    }

    @Override
    public String unit() {
        return "documents";
    }

    @Override
    public TaskScore score(RunModel model, Watch watch) {
        DocumentLikelihoods likelihoods =
                new DocumentLikelihoods(model.likelihood(), model.contextToken(), batchTokens, settings.maxWindows());
        List<HeldOutDocument> documents = sample.documents();
        List<EvaluationRow> rows = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        long cut = 0;
        int next = 0;
        while (next < documents.size()) {
            watch.at(next, documents.size());
            List<HeldOutDocument> chunk = new ArrayList<>();
            List<int[]> ids = new ArrayList<>();
            for (long bytes = 0; next < documents.size() && bytes < CHUNK_BYTES; next++) {
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
            List<Likelihood> scored = likelihoods.score(ids);
            for (int i = 0; i < chunk.size(); i++) {
                rows.add(row(chunk.get(i), scored.get(i), model));
                cut += chunk.get(i).cut() || scored.get(i).capped() ? 1 : 0;
            }
        }
        watch.at(next, documents.size());
        return new TaskScore(name(), version(), 0, Map.of(), rows, cut, sample.capped(), empty);
    }

    /** Returns the ids of a document; none for a text that is empty or on which the tokenizer fails. */
    private static int[] tokens(HeldOutDocument document, RunModel model) {
        List<Integer> ids = document.ids();
        if (ids != null) {
            if (!model.tokenizerRevision().equals(document.tokenizerRevision())) {
                throw new RefusedRunException(
                        Reason.OTHER_TOKENIZER,
                        "held-out sequence " + document.id() + " was packed with tokenizer "
                                + document.tokenizerRevision() + ", the model has " + model.tokenizerRevision()
                                + ": sequences can only be scored with the tokenizer that made them");
            }
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }
        try {
            return document.text().isEmpty() ? new int[0] : model.encode(document.text());
        } catch (TokenizerFailedException e) {
            return new int[0];
        }
    }

    private static EvaluationRow row(HeldOutDocument document, Likelihood likelihood, RunModel model) {
        if (!Double.isFinite(likelihood.nats())) {
            throw RefusedRunException.notFinite(document.id());
        }
        return new EvaluationRow(
                document.id(),
                document.domain(),
                null,
                likelihood.nats(),
                likelihood.tokens(),
                bytes(document, likelihood, model),
                null);
    }

    /** Returns the bytes of the tokens that were scored; a cap on windows leaves out the others. */
    private static long bytes(HeldOutDocument document, Likelihood likelihood, RunModel model) {
        if (!likelihood.capped()) {
            return document.bytes();
        }
        // A sequence has no text to measure: its tokens count as equally long.
        return document.ids() == null
                ? model.bytesOf(document.text(), Math.toIntExact(likelihood.tokens()))
                : document.bytes() * likelihood.tokens() / document.ids().size();
    }
}

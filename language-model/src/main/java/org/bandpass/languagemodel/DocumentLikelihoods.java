package org.bandpass.languagemodel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Scores whole documents.
 *
 * <ul>
 *   <li>A document is ids without special tokens. Each is predicted, the first one from a context token that comes before
 *       every document.
 *   <li>A long document is cut into consecutive windows of the model's context. Each begins with the last token of the
 *       previous window as context, so every token is predicted exactly once.
 *   <li>The likelihood sums nats and tokens of all windows. Windows beyond a cap are neither computed nor counted, and the
 *       likelihood is marked as capped.
 * </ul>
 *
 * Windows of all documents are sorted by length and grouped under a budget of positions, padding included, so batches
 * depend on the list alone. One thread at a time.
 */
public final class DocumentLikelihoods {

    /** Consecutive tokens of a document from {@code start} on, after the id of their context. */
    private record Window(int document, int start, int[] ids) {

        int tokens() {
            return ids.length - 1;
        }
    }

    private final LikelihoodModel model;
    private final int contextToken;
    private final int batchTokens;
    private final int maxWindows;
    private long paddedTokens;
    private long realTokens;

    /**
     * @param contextToken comes before a document's first token
     * @param batchTokens most positions of a batch, padding included; a longer window is a batch alone
     * @param maxWindows most windows of a document; 0 = no cap
     */
    public DocumentLikelihoods(LikelihoodModel model, int contextToken, int batchTokens, int maxWindows) {
        if (contextToken < 0 || contextToken >= model.vocabularySize()) {
            throw new IllegalArgumentException("the context token " + contextToken
                    + " is outside the model's vocabulary of " + model.vocabularySize()
                    + ": the folder's tokenizer and model do not belong together");
        }
        if (batchTokens < 1 || maxWindows < 0) {
            throw new IllegalArgumentException("a batch of " + batchTokens + " tokens or a cap of " + maxWindows
                    + " windows; expected from 1 and from 0");
        }
        this.model = model;
        this.contextToken = contextToken;
        this.batchTokens = batchTokens;
        this.maxWindows = maxWindows;
    }

    /** One likelihood for each document, in order. */
    public List<Likelihood> score(List<int[]> documents) {
        double[] nats = new double[documents.size()];
        long[] tokens = new long[documents.size()];
        int[] windows = new int[documents.size()];
        for (List<Window> batch : batches(documents)) {
            double[] sums = model.rowNats(rows(batch));
            for (int i = 0; i < sums.length; i++) {
                Window window = batch.get(i);
                nats[window.document()] += sums[i];
                tokens[window.document()] += window.tokens();
                windows[window.document()]++;
            }
        }
        List<Likelihood> likelihoods = new ArrayList<>(documents.size());
        for (int d = 0; d < nats.length; d++) {
            likelihoods.add(new Likelihood(nats[d], tokens[d], windows[d], tokens[d] < documents.get(d).length));
        }
        return likelihoods;
    }

    /** The nats of each predicted token of each document, in order. */
    public List<float[]> tokenNats(List<int[]> documents) {
        List<float[]> byDocument =
                documents.stream().map(document -> new float[counted(document)]).toList();
        for (List<Window> batch : batches(documents)) {
            float[][] rows = model.tokenNats(rows(batch));
            for (int i = 0; i < rows.length; i++) {
                float[] document = byDocument.get(batch.get(i).document());
                System.arraycopy(rows[i], 0, document, batch.get(i).start(), rows[i].length);
            }
        }
        return byDocument;
    }

    /** Positions computed so far, padding included. */
    public long paddedTokens() {
        return paddedTokens;
    }

    /** Tokens predicted so far. */
    public long realTokens() {
        return realTokens;
    }

    /** The number of a document's tokens that are predicted under the cap. */
    private int counted(int[] document) {
        long cap = maxWindows == 0 ? Long.MAX_VALUE : (long) maxWindows * model.contextLength();
        return (int) Math.min(cap, document.length);
    }

    private List<Window> windows(List<int[]> documents) {
        int context = model.contextLength();
        List<Window> windows = new ArrayList<>();
        for (int d = 0; d < documents.size(); d++) {
            int[] document = documents.get(d);
            if (document.length == 0) {
                throw new IllegalArgumentException("document " + d + " has no tokens");
            }
            int counted = counted(document);
            for (int start = 0; start < counted; start += context) {
                int end = Math.min(counted, start + context);
                int[] ids = new int[end - start + 1];
                ids[0] = start == 0 ? contextToken : document[start - 1];
                System.arraycopy(document, start, ids, 1, end - start);
                windows.add(new Window(d, start, ids));
            }
        }
        return windows;
    }

    /** Groups the windows, longest first; those of one document stay in order. */
    private List<List<Window>> batches(List<int[]> documents) {
        List<Window> windows = windows(documents);
        windows.sort(Comparator.comparingInt(Window::tokens).reversed());
        List<List<Window>> batches = new ArrayList<>();
        for (int at = 0; at < windows.size(); ) {
            int padded = LanguageModel.padded(windows.get(at).tokens(), model.contextLength());
            int end = Math.min(windows.size(), at + Math.max(1, batchTokens / padded));
            List<Window> batch = windows.subList(at, end);
            realTokens += batch.stream().mapToLong(Window::tokens).sum();
            paddedTokens += (long) batch.size() * padded;
            batches.add(batch);
            at = end;
        }
        return batches;
    }

    private static int[][] rows(List<Window> batch) {
        return batch.stream().map(Window::ids).toArray(int[][]::new);
    }
}

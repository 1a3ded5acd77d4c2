package org.bandpass.languagemodel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Scores whole documents.
 *
 * <ul>
 *   <li>A document is ids without special tokens, and each is predicted, the first one too: its context is a token that
 *       stands before every document.
 *   <li>A longer document is cut in consecutive windows of the model's context; each begins with the last token of the one
 *       before as context, so every token is predicted exactly once.
 *   <li>Nats and tokens of all windows make the likelihood. Where the number of windows is capped, those beyond the cap are
 *       neither computed nor counted, and the likelihood says so.
 * </ul>
 *
 * Windows of all documents are sorted by length and grouped under a budget of positions, padding included, so batches are a
 * function of the list alone. One thread at a time.
 */
public final class DocumentLikelihoods {

    private record Window(int document, int number, int[] ids) {}

    private final LikelihoodModel model;
    private final int contextToken;
    private final int batchTokens;
    private final int maxWindows;
    private long paddedTokens;
    private long realTokens;

    /**
     * Scores with that model.
     *
     * @param contextToken what stands before a document's first token
     * @param batchTokens most positions of a batch, padding included; a longer window is a batch of its own
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
        List<Window> windows = windows(documents);
        double[] nats = new double[windows.size()];
        for (int[] batch : batches(windows)) {
            double[] sums = model.rowNats(rows(windows, batch));
            for (int i = 0; i < batch.length; i++) {
                nats[batch[i]] = sums[i];
            }
        }
        double[] sums = new double[documents.size()];
        long[] tokens = new long[documents.size()];
        int[] used = new int[documents.size()];
        for (int w = 0; w < nats.length; w++) {
            Window window = windows.get(w);
            sums[window.document()] += nats[w];
            tokens[window.document()] += window.ids().length - 1;
            used[window.document()]++;
        }
        List<Likelihood> likelihoods = new ArrayList<>(documents.size());
        for (int d = 0; d < sums.length; d++) {
            likelihoods.add(new Likelihood(sums[d], tokens[d], used[d], tokens[d] < documents.get(d).length));
        }
        return likelihoods;
    }

    /** The nats of each predicted token of each document, in order. */
    public List<float[]> tokenNats(List<int[]> documents) {
        List<Window> windows = windows(documents);
        float[][] nats = new float[windows.size()][];
        for (int[] batch : batches(windows)) {
            float[][] rows = model.tokenNats(rows(windows, batch));
            for (int i = 0; i < batch.length; i++) {
                nats[batch[i]] = rows[i];
            }
        }
        List<float[]> byDocument = new ArrayList<>(documents.size());
        for (int[] document : documents) {
            byDocument.add(new float[counted(document)]);
        }
        for (int w = 0; w < nats.length; w++) {
            Window window = windows.get(w);
            int at = window.number() * model.contextLength();
            System.arraycopy(nats[w], 0, byDocument.get(window.document()), at, nats[w].length);
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

    /** How many tokens of a document are predicted under the cap. */
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
            for (int start = 0, number = 0; start < counted; start += context, number++) {
                int end = Math.min(counted, start + context);
                int[] ids = new int[end - start + 1];
                ids[0] = start == 0 ? contextToken : document[start - 1];
                System.arraycopy(document, start, ids, 1, end - start);
                windows.add(new Window(d, number, ids));
            }
        }
        return windows;
    }

    /** Indices of windows, longest first. */
    private List<int[]> batches(List<Window> windows) {
        Integer[] order = new Integer[windows.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order, Comparator.comparingInt((Integer i) -> -windows.get(i).ids().length));
        List<int[]> batches = new ArrayList<>();
        for (int at = 0; at < order.length; ) {
            int longest = windows.get(order[at]).ids().length - 1;
            int padded = ShapeBuckets.padded(longest, model.contextLength());
            int rows = Math.min(order.length - at, Math.max(1, batchTokens / padded));
            int[] batch = new int[rows];
            for (int i = 0; i < rows; i++) {
                batch[i] = order[at + i];
                realTokens += windows.get(batch[i]).ids().length - 1;
            }
            paddedTokens += (long) rows * padded;
            batches.add(batch);
            at += rows;
        }
        return batches;
    }

    private static int[][] rows(List<Window> windows, int[] batch) {
        int[][] rows = new int[batch.length][];
        Arrays.setAll(rows, i -> windows.get(batch[i]).ids());
        return rows;
    }
}

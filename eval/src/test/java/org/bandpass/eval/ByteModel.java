package org.bandpass.eval;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import org.bandpass.languagemodel.ContinuationModel;
import org.bandpass.languagemodel.LikelihoodModel;

/**
 * A model without weights: tokens are the bytes of the text (id = byte + 1, 0 ends a text), and the likelihood of a byte
 * is an arbitrary but fixed function of itself and the byte before.
 */
class ByteModel implements RunModel, LikelihoodModel, ContinuationModel {

    private final String revision;
    private final int salt;
    private boolean closed;

    ByteModel(String revision) {
        this.revision = revision;
        this.salt = revision.hashCode();
    }

    /** Nats of an id after another, in [0.5, 6.5). */
    double nats(int before, int id) {
        return 0.5 + 6 * (IdHash.below(1_000, Integer.toString(before * 257 + id), Integer.toString(salt)) / 1000.0);
    }

    boolean closed() {
        return closed;
    }

    @Override
    public float[][] tokenNats(int[][] rows) {
        float[][] nats = new float[rows.length][];
        for (int r = 0; r < rows.length; r++) {
            nats[r] = new float[rows[r].length - 1];
            for (int i = 1; i < rows[r].length; i++) {
                nats[r][i - 1] = (float) nats(rows[r][i - 1], rows[r][i]);
            }
        }
        return nats;
    }

    @Override
    public double[] rowNats(int[][] rows) {
        return Arrays.stream(tokenNats(rows))
                .mapToDouble(row -> {
                    double sum = 0;
                    for (float nats : row) {
                        sum += nats;
                    }
                    return sum;
                })
                .toArray();
    }

    @Override
    public int contextLength() {
        return 64;
    }

    @Override
    public int vocabularySize() {
        return 257;
    }

    @Override
    public String revision() {
        return revision;
    }

    @Override
    public LikelihoodModel likelihood() {
        return this;
    }

    @Override
    public int contextToken() {
        return 0;
    }

    @Override
    public String tokenizerRevision() {
        return "bytes";
    }

    @Override
    public int[] encode(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[utf8.length];
        Arrays.setAll(ids, i -> 1 + (utf8[i] & 0xff));
        return ids;
    }

    @Override
    public long bytesOf(String text, int tokens) {
        return Math.min(tokens, encode(text).length);
    }

    @Override
    public ContinuationModel continuations() {
        return this;
    }

    @Override
    public List<List<ContinuationScore>> score(List<Question> questions, int batchTokens) {
        return questions.stream()
                .map(question -> question.continuations().stream()
                        .map(continuation -> score(question.prompt(), continuation))
                        .toList())
                .toList();
    }

    private ContinuationScore score(int[] prompt, int[] continuation) {
        float[] nats = new float[continuation.length];
        boolean allBest = true;
        int before = prompt[prompt.length - 1];
        for (int i = 0; i < nats.length; i++) {
            nats[i] = (float) nats(before, continuation[i]);
            allBest &= best(before) == continuation[i];
            before = continuation[i];
        }
        return new ContinuationScore(nats, allBest);
    }

    private int best(int before) {
        int best = 0;
        for (int id = 1; id < vocabularySize(); id++) {
            best = nats(before, id) < nats(before, best) ? id : best;
        }
        return best;
    }

    @Override
    public List<int[]> generate(
            List<int[]> prompts, int mostTokens, int batchTokens, BiPredicate<Integer, int[]> ended) {
        List<int[]> answers = new ArrayList<>();
        for (int p = 0; p < prompts.size(); p++) {
            int[] ids = {best(prompts.get(p)[prompts.get(p).length - 1])};
            while (ids.length < mostTokens && !ended.test(p, ids)) {
                ids = Arrays.copyOf(ids, ids.length + 1);
                ids[ids.length - 1] = best(ids[ids.length - 2]);
            }
            answers.add(ids);
        }
        return answers;
    }

    @Override
    public String decode(int[] ids) {
        byte[] utf8 = new byte[ids.length];
        for (int i = 0; i < ids.length; i++) {
            utf8[i] = (byte) (ids[i] - 1);
        }
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public Integer beginOfText() {
        return null;
    }

    @Override
    public Integer endOfText() {
        return 0;
    }

    @Override
    public void close() {
        closed = true;
    }
}

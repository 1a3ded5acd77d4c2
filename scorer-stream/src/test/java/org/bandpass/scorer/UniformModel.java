package org.bandpass.scorer;

import java.util.Arrays;
import org.bandpass.languagemodel.LikelihoodModel;

/** A model that gives each token of a vocabulary the same likelihood: ln V nats. */
class UniformModel implements LikelihoodModel {

    static final int CONTEXT = 32;

    private final int vocabulary;
    private final String revision;
    private boolean closed;

    UniformModel(int vocabulary, String revision) {
        this.vocabulary = vocabulary;
        this.revision = revision;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public int contextLength() {
        return CONTEXT;
    }

    @Override
    public int vocabularySize() {
        return vocabulary;
    }

    @Override
    public String revision() {
        return revision;
    }

    @Override
    public float[][] tokenNats(int[][] rows) {
        float[][] nats = new float[rows.length][];
        for (int r = 0; r < rows.length; r++) {
            nats[r] = new float[rows[r].length - 1];
            Arrays.fill(nats[r], (float) Math.log(vocabulary));
        }
        return nats;
    }

    @Override
    public double[] rowNats(int[][] rows) {
        return Arrays.stream(rows)
                .mapToDouble(row -> (row.length - 1) * Math.log(vocabulary))
                .toArray();
    }

    @Override
    public void close() {
        closed = true;
    }
}

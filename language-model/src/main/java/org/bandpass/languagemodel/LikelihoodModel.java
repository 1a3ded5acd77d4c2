package org.bandpass.languagemodel;

/** Gives the likelihood of token ids under a causal language model. One thread at a time. */
public interface LikelihoodModel extends AutoCloseable {

    /** Most ids that can be an input at once. */
    int contextLength();

    /** Ids run from 0 to this, exclusive. */
    int vocabularySize();

    /** The first 16 hex digits of SHA-256 over {@code config.json} and the weights. */
    String revision();

    /**
     * Returns {@code nats[r][i] = -ln p(rows[r][i+1] | rows[r][0..i])}.
     *
     * @param rows ids; {@code rows[r][0]} is context only, the others are predicted;
     *     2 &lt;= length &lt;= {@link #contextLength()} + 1
     * @return one number fewer for each row than it has ids
     */
    float[][] tokenNats(int[][] rows);

    /** Returns the sums of {@link #tokenNats} over each row, in double precision; one number a row leaves the device. */
    double[] rowNats(int[][] rows);

    @Override
    void close();
}

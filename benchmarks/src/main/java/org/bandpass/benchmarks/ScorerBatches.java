package org.bandpass.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.languagemodel.DocumentLikelihoods;
import org.bandpass.languagemodel.LikelihoodModel;

/** The batches that the scorer computes of documents, without anything else that it does. */
final class ScorerBatches {

    private final List<int[][]> batches = new ArrayList<>();
    private final DocumentLikelihoods likelihoods;

    /**
     * Begins without batches.
     *
     * @param model tells context and vocabulary
     * @param contextToken id before each document
     * @param batchTokens most positions of a batch
     */
    ScorerBatches(LikelihoodModel model, int contextToken, int batchTokens) {
        likelihoods = new DocumentLikelihoods(new Recorder(model), contextToken, batchTokens, 0);
    }

    /**
     * Adds the batches of a partition.
     *
     * @param documents ids in the order of the partition
     * @param flightTokens a flight, which is batched by itself, ends as soon as it has so many
     */
    void add(List<int[]> documents, int flightTokens) {
        List<int[]> flight = new ArrayList<>();
        long tokens = 0;
        for (int[] ids : documents) {
            flight.add(ids);
            tokens += ids.length;
            if (tokens >= flightTokens) {
                likelihoods.score(flight);
                flight.clear();
                tokens = 0;
            }
        }
        if (!flight.isEmpty()) {
            likelihoods.score(flight);
        }
    }

    /** Returns the share of the positions that are none of a token. */
    double padding() {
        return 1 - (double) likelihoods.realTokens() / likelihoods.paddedTokens();
    }

    /** Computes them, one after another. */
    void compute(LikelihoodModel model) {
        batches.forEach(model::rowNats);
    }

    /** Computes nothing. */
    private final class Recorder implements LikelihoodModel {

        private final LikelihoodModel model;

        Recorder(LikelihoodModel model) {
            this.model = model;
        }

        @Override
        public double[] rowNats(int[][] rows) {
            batches.add(rows);
            return new double[rows.length];
        }

        @Override
        public float[][] tokenNats(int[][] rows) {
            throw new UnsupportedOperationException("the scorer asks for sums only");
        }

        @Override
        public int contextLength() {
            return model.contextLength();
        }

        @Override
        public int vocabularySize() {
            return model.vocabularySize();
        }

        @Override
        public String revision() {
            return model.revision();
        }

        @Override
        public void close() {}
    }
}

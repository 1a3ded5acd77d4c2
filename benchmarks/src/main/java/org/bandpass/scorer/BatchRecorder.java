package org.bandpass.scorer;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.languagemodel.LikelihoodModel;

/** A model that remembers the batches it was asked for, so that they can be computed again without anything else. */
final class BatchRecorder implements LikelihoodModel {

    private final LikelihoodModel model;
    private final List<int[][]> batches = new ArrayList<>();

    BatchRecorder(LikelihoodModel model) {
        this.model = model;
    }

    /** Forgets what was asked. */
    void clear() {
        batches.clear();
    }

    /** Computes the same batches again, one after another. */
    void replay() {
        for (int[][] batch : batches) {
            model.rowNats(batch);
        }
    }

    @Override
    public double[] rowNats(int[][] rows) {
        batches.add(rows);
        return model.rowNats(rows);
    }

    @Override
    public float[][] tokenNats(int[][] rows) {
        return model.tokenNats(rows);
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
    public void close() {
        model.close();
    }
}

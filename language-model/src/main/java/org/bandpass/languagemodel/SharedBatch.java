package org.bandpass.languagemodel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Rows computed in one pass: the common beginnings padded to one width, then the tails padded to another. The output projection
 * is computed only where an id of a continuation is predicted.
 */
final class SharedBatch {
    /** The branch of positions that nothing attends to. */
    private static final int PADDING = -1;

    private final List<SharedRow> rows;
    private final int shared;
    private final int width;
    private final int[] places;
    private final int[] wanted;
    private int predicted;

    /** @param context most ids of a common beginning */
    SharedBatch(List<SharedRow> rows, int context) {
        this.rows = rows;
        shared = LanguageModel.padded(
                rows.stream().mapToInt(SharedRow::shared).max().orElseThrow(), context);
        int tail = rows.stream().mapToInt(SharedRow::tail).max().orElseThrow();
        width = shared + (tail == 0 ? 0 : LanguageModel.padded(tail, Integer.MAX_VALUE));
        places = new int[3 * rows.size() * width];
        Arrays.fill(places, 2 * rows.size() * width, places.length, PADDING);
        wanted =
                new int[2 * rows.stream().mapToInt(SharedBatch::continuationIds).sum()];
        for (int r = 0; r < rows.size(); r++) {
            fill(rows.get(r), r * width);
        }
    }

    private static int continuationIds(SharedRow row) {
        return row.texts().stream()
                .mapToInt(text -> text.ids().length - text.prompt())
                .sum();
    }

    /** Sets ids, positions and branches of a row that begins at an index. */
    private void fill(SharedRow row, int start) {
        int[] first = row.texts().get(0).ids();
        for (int i = 0; i < row.shared(); i++) {
            put(start + i, first[i], i, 0);
        }
        int tail = start + shared;
        int branch = 0;
        for (ContinuationText text : row.texts()) {
            branch++;
            for (int i = row.shared(); i < text.inputs(); i++) {
                put(tail + i - row.shared(), text.ids()[i], i, branch);
            }
            for (int i = text.prompt(); i < text.ids().length; i++) {
                int before = i - 1 < row.shared() ? start + i - 1 : tail + i - 1 - row.shared();
                wanted[predicted] = before;
                wanted[wanted.length / 2 + predicted++] = text.ids()[i];
            }
            tail += text.inputs() - row.shared();
        }
    }

    private void put(int at, int id, int position, int branch) {
        int columns = rows.size() * width;
        places[at] = id;
        places[columns + at] = position;
        places[2 * columns + at] = branch;
    }

    /** Computes the results of all texts. */
    void compute(TorchProgram program, Continuations into) {
        float[] results = program.call(
                "continuation_results",
                m -> new NDList(
                        m.create(places, new Shape(3, rows.size(), width)),
                        m.create(wanted, new Shape(2, predicted)),
                        m.create(new int[] {shared})),
                NDArray::toFloatArray);
        int at = 0;
        for (SharedRow row : rows) {
            for (ContinuationText text : row.texts()) {
                for (int i = text.prompt(); i < text.ids().length; i++) {
                    boolean best = results[predicted + at] == 1;
                    into.put(text.question(), text.continuation(), i - text.prompt(), results[at++], best);
                }
            }
        }
    }
}

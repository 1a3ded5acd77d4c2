package org.bandpass.eval.gauntlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The rows of a task that are scored under a limit: evenly over its categories, and over each one's file order. */
final class RowSelection {

    private RowSelection() {}

    /**
     * Returns for each category the indices of the rows chosen among its own, in order.
     *
     * <p>A category with fewer rows than its share leaves the rest to the others. Of {@code k} among {@code n} rows, the
     * i-th is the middle one of the i-th part, ⌊(2i + 1)·n / 2k⌋.
     *
     * @param sizes rows of each category
     * @param limit most rows of all categories together; null for all
     */
    static List<int[]> of(List<Integer> sizes, @Nullable Integer limit) {
        long all = sizes.stream().mapToLong(Integer::longValue).sum();
        int[] shares = shares(sizes, limit == null ? all : Math.min(limit, all));
        List<int[]> chosen = new ArrayList<>();
        for (int c = 0; c < shares.length; c++) {
            long size = sizes.get(c);
            long share = shares[c];
            chosen.add(IntStream.range(0, shares[c])
                    .map(i -> (int) ((2L * i + 1) * size / (2 * share)))
                    .toArray());
        }
        return chosen;
    }

    /** Fills the smallest categories first, so that what they leave is spread over the others. */
    private static int[] shares(List<Integer> sizes, long rows) {
        Integer[] order = new Integer[sizes.size()];
        Arrays.setAll(order, c -> c);
        Arrays.sort(order, Comparator.comparing(sizes::get));
        int[] shares = new int[order.length];
        long left = rows;
        for (int i = 0; i < order.length; i++) {
            shares[order[i]] = (int) Math.min(sizes.get(order[i]), left / (order.length - i));
            left -= shares[order[i]];
        }
        return shares;
    }
}

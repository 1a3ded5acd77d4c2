package org.bandpass.eval.overlap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The n-grams of all rows of an evaluation, and which of them occur in documents. A row overlaps where at least 70 % of
 * its 8-grams occur, the rule of PaLM (Chowdhery et al., arXiv 2204.02311, section 8).
 */
public final class EvaluationGrams {

    public static final int WORDS = 8;
    public static final double THRESHOLD = 0.7;

    private static final int FILTER_BITS = 26;

    private record Row(int task, long[] grams) {}

    private final WordGrams grams;
    private final List<String> tasks = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    /** All different n-grams, sorted; empty until the first document. */
    private long[] known = {};

    /** By the upper bits of an n-gram, whether there may be one: nearly all of a document's are not. */
    private final BitSet possible = new BitSet(1 << FILTER_BITS);

    private final BitSet seen = new BitSet();
    private long documents;

    /** @param words words of an n-gram, at least 1 */
    public EvaluationGrams(int words) {
        grams = new WordGrams(words);
    }

    /**
     * Adds a row; rows of a task follow each other, and all rows come before the first document.
     *
     * @param text what a document would have to hold: the question with its answer
     */
    public void addRow(String task, String text) {
        if (documents > 0) {
            throw new IllegalStateException("a row after the first document");
        }
        if (tasks.isEmpty() || !tasks.get(tasks.size() - 1).equals(task)) {
            tasks.add(task);
        }
        LongStream.Builder found = LongStream.builder();
        grams.forEach(text, found);
        rows.add(new Row(tasks.size() - 1, found.build().distinct().toArray()));
    }

    /** Marks the n-grams that a document shares with rows. */
    public void addDocument(String text) {
        if (documents == 0) {
            known = rows.stream()
                    .flatMapToLong(row -> Arrays.stream(row.grams()))
                    .sorted()
                    .distinct()
                    .toArray();
            Arrays.stream(known).forEach(gram -> possible.set(filterBit(gram)));
        }
        documents++;
        grams.forEach(text, gram -> {
            int at = possible.get(filterBit(gram)) ? Arrays.binarySearch(known, gram) : -1;
            if (at >= 0) {
                seen.set(at);
            }
        });
    }

    private static int filterBit(long gram) {
        return (int) (gram >>> (Long.SIZE - FILTER_BITS));
    }

    /** Returns the documents so far. */
    public long documents() {
        return documents;
    }

    /** Returns the overlap of each task with the documents so far, in the order of the rows. */
    public List<RowOverlap> overlaps() {
        int[][] counts = new int[tasks.size()][4];
        for (Row row : rows) {
            int[] count = counts[row.task()];
            int all = row.grams().length;
            long found = Arrays.stream(row.grams()).filter(this::isSeen).count();
            count[0]++;
            count[1] += all == 0 ? 1 : 0;
            count[2] += all > 0 && found >= THRESHOLD * all ? 1 : 0;
            count[3] += found > 0 ? 1 : 0;
        }
        List<RowOverlap> overlaps = new ArrayList<>();
        for (int task = 0; task < counts.length; task++) {
            int[] count = counts[task];
            overlaps.add(new RowOverlap(tasks.get(task), count[0], count[1], count[2], count[3]));
        }
        return overlaps;
    }

    private boolean isSeen(long gram) {
        int at = Arrays.binarySearch(known, gram);
        return at >= 0 && seen.get(at);
    }
}

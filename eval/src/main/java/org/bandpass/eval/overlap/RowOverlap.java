package org.bandpass.eval.overlap;

/**
 * How many rows of a task share n-grams with the documents.
 *
 * @param rows rows of the task
 * @param tooShort rows with fewer words than an n-gram, which cannot be judged
 * @param overlapping rows of whose n-grams at least the threshold's share occurs in the documents
 * @param touched rows with at least one n-gram that occurs in the documents
 */
public record RowOverlap(String task, int rows, int tooShort, int overlapping, int touched) {

    /** Returns the share of overlapping rows among those that can be judged; 0 where there is none. */
    public double share() {
        return rows == tooShort ? 0 : (double) overlapping / (rows - tooShort);
    }
}

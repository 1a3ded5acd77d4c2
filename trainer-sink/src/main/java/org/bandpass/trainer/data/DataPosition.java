package org.bandpass.trainer.data;

/**
 * How far rows have been packed: everything before it is in a row, nothing after it is. The packer's remainder is the
 * last id of the row before, and the document's ids from {@code token} on.
 *
 * @param epoch pass over the data, from 0
 * @param document place of the next document in the order of the epoch
 * @param token ids of that document that are in rows already, the end-of-text before it included
 * @param carry last id of the row before, which begins the next row; -1 before the first row
 */
public record DataPosition(long epoch, long document, int token, int carry) {

    public static final DataPosition START = new DataPosition(0, 0, 0, -1);

    public double epochs(long documents) {
        return epoch + (double) document / documents;
    }
}

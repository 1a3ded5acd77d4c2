package org.bandpass.languagemodel;

/**
 * The few lengths that batches are padded to: 32 to an octave, so at most 3 % of padding and few shapes for a device to
 * prepare.
 */
final class ShapeBuckets {
    private static final int PER_OCTAVE = 32;

    private ShapeBuckets() {}

    /** The shortest bucket of at least that many positions, {@code context} at most. */
    static int padded(int positions, int context) {
        int step = Math.max(1, Integer.highestOneBit(positions) / PER_OCTAVE);
        return Math.min(context, (positions + step - 1) / step * step);
    }
}

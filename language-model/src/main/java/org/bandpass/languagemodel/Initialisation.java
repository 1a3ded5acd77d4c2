package org.bandpass.languagemodel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * The initial numbers of one weight, the same on every machine: ones, zeros, or normal numbers by Marsaglia's polar method over
 * strict arithmetic.
 */
final class Initialisation {
    private static final int PIECE = 1 << 20;

    private final Weight weight;
    private final SplittableRandom random;
    private final ByteBuffer piece;
    private long made;
    private double spare;
    private boolean hasSpare;

    /** @param index of the weight in its architecture, which selects its own stream of random numbers */
    Initialisation(Weight weight, int index, long seed) {
        this.weight = weight;
        random = new SplittableRandom(mixed(mixed(seed) + index));
        piece = ByteBuffer.allocateDirect((int) Math.min(weight.size(), PIECE) * Float.BYTES);
    }

    /** All seeds walk one cycle, by equal steps: close seeds would start within each other's numbers. */
    private static long mixed(long seed) {
        return new SplittableRandom(seed).nextLong();
    }

    /** The place of the next piece's first number; the size of the weight at the end. */
    long made() {
        return made;
    }

    boolean hasNext() {
        return made < weight.size();
    }

    /** Returns the next numbers in fp32, in a direct buffer that the next call fills again. */
    ByteBuffer next() {
        int count = (int) Math.min(weight.size() - made, PIECE);
        piece.clear().order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            piece.putFloat(
                    switch (weight.role()) {
                        case GAIN -> 1;
                        case BIAS, OFFSET -> 0;
                        case LOOKUP, PRODUCT -> (float) (weight.deviation() * normal());
                    });
        }
        made += count;
        return piece.flip();
    }

    private double normal() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double x;
        double y;
        double square;
        do {
            x = 2 * random.nextDouble() - 1;
            y = 2 * random.nextDouble() - 1;
            square = x * x + y * y;
        } while (square >= 1 || square == 0);
        double factor = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
        spare = y * factor;
        hasSpare = true;
        return x * factor;
    }
}

package org.bandpass.languagemodel;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Normal numbers that are the same on every machine: Marsaglia's polar method over strict arithmetic. */
final class NormalNumbers {
    private final SplittableRandom random;
    private final double deviation;
    private double spare;
    private boolean hasSpare;

    NormalNumbers(long seed, int stream, double deviation) {
        random = new SplittableRandom(mixed(mixed(seed) + stream));
        this.deviation = deviation;
    }

    /** All seeds walk one cycle, by equal steps: seeds that are near each other would start within each other's numbers. */
    private static long mixed(long seed) {
        return new SplittableRandom(seed).nextLong();
    }

    void fill(ByteBuffer fp32) {
        while (fp32.hasRemaining()) {
            fp32.putFloat((float) (deviation * next()));
        }
    }

    private double next() {
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

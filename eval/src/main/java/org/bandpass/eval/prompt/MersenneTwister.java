package org.bandpass.eval.prompt;

/**
 * The generator of CPython's {@code random.Random(seed)}: MT19937, seeded by {@code init_by_array} of Matsumoto and
 * Nishimura (2002).
 */
final class MersenneTwister {

    private static final int WORDS = 624;
    private static final int MIDDLE = 397;
    private static final int UPPER = 0x80000000;
    private static final int LOWER = 0x7fffffff;

    private final int[] state = new int[WORDS];
    private int next = WORDS;

    MersenneTwister(int seed) {
        fill(19650218);
        int i = 1;
        for (int k = 0; k < WORDS; k++) {
            // The key has one word, so its index is always 0.
            state[i] = (state[i] ^ (mixed(i) * 1664525)) + seed;
            i = following(i);
        }
        for (int k = 1; k < WORDS; k++) {
            state[i] = (state[i] ^ (mixed(i) * 1566083941)) - i;
            i = following(i);
        }
        state[0] = UPPER;
    }

    private void fill(int seed) {
        state[0] = seed;
        for (int i = 1; i < WORDS; i++) {
            state[i] = 1812433253 * mixed(i) + i;
        }
    }

    private int mixed(int i) {
        return state[i - 1] ^ (state[i - 1] >>> 30);
    }

    private int following(int i) {
        if (i + 1 < WORDS) {
            return i + 1;
        }
        state[0] = state[WORDS - 1];
        return 1;
    }

    /** Returns the next 32 bits. */
    int word() {
        if (next == WORDS) {
            twist();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    private void twist() {
        for (int i = 0; i < WORDS; i++) {
            int y = (state[i] & UPPER) | (state[(i + 1) % WORDS] & LOWER);
            state[i] = state[(i + MIDDLE) % WORDS] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        next = 0;
    }

    /**
     * Returns a number from 0 to below a bound as {@code _randbelow} does: the top bits of words, until one fits.
     *
     * @param bound at least 1
     */
    int below(int bound) {
        int drop = Integer.numberOfLeadingZeros(bound);
        int drawn = word() >>> drop;
        while (drawn >= bound) {
            drawn = word() >>> drop;
        }
        return drawn;
    }
}

package org.bandpass.eval.prompt;

/**
 * Draws the rows that are shown in front of each asked row, as the original runner does with CPython's {@code
 * random.Random(1234)}: a sample of all rows in the order of a {@code set}; the asked row is replaced.
 */
final class ShotDraws {

    private static final int SEED = 1234;

    private final MersenneTwister random = new MersenneTwister(SEED);
    private final int rows;
    private final int shots;

    /**
     * Starts in front of the first row.
     *
     * @param rows rows of the data set, at least 1
     * @param shots most rows shown, at least 0
     */
    ShotDraws(int rows, int shots) {
        this.rows = rows;
        this.shots = Math.min(rows - 1, shots);
    }

    /** Returns the shown rows of the next asked row; rows must be asked in order, from 0. */
    int[] next(int asked) {
        IntegerSet drawn = sample();
        if (drawn.contains(asked)) {
            drawn.remove(asked);
            if (drawn.size() < rows - 1) {
                drawn.add(replacement(drawn, asked));
            }
        }
        return drawn.values();
    }

    private int replacement(IntegerSet drawn, int asked) {
        int candidate = random.below(rows);
        while (drawn.contains(candidate) || candidate == asked) {
            candidate = random.below(rows);
        }
        return candidate;
    }

    private IntegerSet sample() {
        return rows <= mostPooled() ? fromPool() : byRejection();
    }

    /** Returns the most rows for which {@code random.sample} keeps a list of all: its size against that of a set. */
    private int mostPooled() {
        int most = 21;
        if (shots > 5) {
            int power = 1;
            while (power < shots * 3) {
                power *= 4;
            }
            most += power;
        }
        return most;
    }

    private IntegerSet fromPool() {
        int[] pool = new int[rows];
        for (int i = 0; i < rows; i++) {
            pool[i] = i;
        }
        IntegerSet drawn = new IntegerSet();
        for (int i = 0; i < shots; i++) {
            int at = random.below(rows - i);
            drawn.add(pool[at]);
            pool[at] = pool[rows - i - 1];
        }
        return drawn;
    }

    private IntegerSet byRejection() {
        IntegerSet drawn = new IntegerSet();
        while (drawn.size() < shots) {
            drawn.add(random.below(rows));
        }
        return drawn;
    }
}

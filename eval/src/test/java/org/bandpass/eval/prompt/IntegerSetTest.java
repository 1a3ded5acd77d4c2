package org.bandpass.eval.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Oracle: {@code list(set(...))} of CPython 3.11. */
class IntegerSetTest {

    @Test
    void iteratesInTheOrderOfTheTable() {
        assertThat(of(51, 42, 37).values()).containsExactly(42, 51, 37);
        assertThat(of(1000, 8, 16, 24, 0, 3).values()).containsExactly(0, 3, 1000, 8, 16, 24);
    }

    @Test
    void anEqualValueIsThereOnce() {
        IntegerSet set = of(7, 7, 7);

        assertThat(set.size()).isEqualTo(1);
        assertThat(set.values()).containsExactly(7);
    }

    @Test
    void aRemovedValueIsGoneAndItsSlotIsTakenAgain() {
        IntegerSet set = of(51, 37, 2);
        set.remove(2);

        assertThat(set.contains(2)).isFalse();
        assertThat(set.size()).isEqualTo(2);
        set.add(42);
        assertThat(set.values()).containsExactly(42, 51, 37);
    }

    @Test
    void aValueBehindARemovedOneIsFoundAndNotAddedTwice() {
        IntegerSet set = of(8, 16);
        set.remove(8);
        set.add(16);

        assertThat(set.contains(16)).isTrue();
        assertThat(set.size()).isEqualTo(1);
    }

    private static IntegerSet of(int... values) {
        IntegerSet set = new IntegerSet();
        for (int value : values) {
            set.add(value);
        }
        return set;
    }
}

package org.bandpass.eval.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowSelectionTest {

    @Test
    void spreadsOverCategoriesAndFile() {
        assertThat(RowSelection.of(List.of(100, 100), 4)).containsExactly(new int[] {25, 75}, new int[] {25, 75});
        assertThat(RowSelection.of(List.of(10), 3)).containsExactly(new int[] {1, 5, 8});
        assertThat(RowSelection.of(List.of(1, 100, 3), 10))
                .extracting(rows -> rows.length)
                .containsExactly(1, 6, 3);
        assertThat(RowSelection.of(List.of(5, 7, 9), 2))
                .extracting(rows -> rows.length)
                .containsExactly(0, 1, 1);
    }

    @Test
    void takesAllWithoutALimit() {
        assertThat(RowSelection.of(List.of(2, 3), null)).containsExactly(new int[] {0, 1}, new int[] {0, 1, 2});
        assertThat(RowSelection.of(List.of(2, 3), 99)).containsExactly(new int[] {0, 1}, new int[] {0, 1, 2});
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 56, 57, 58, 100, 1000, 14041})
    void takesExactlyTheLimit(int limit) {
        Integer[] sizes = new Integer[57];
        Arrays.setAll(sizes, c -> 100 + (c * 37) % 300);

        List<int[]> chosen = RowSelection.of(List.of(sizes), limit);

        assertThat(chosen.stream().mapToInt(rows -> rows.length).sum()).isEqualTo(Math.min(limit, sum(sizes)));
        for (int c = 0; c < sizes.length; c++) {
            assertThat(chosen.get(c)).isSorted().doesNotHaveDuplicates();
            assertThat(Arrays.stream(chosen.get(c)).allMatch(row -> row >= 0)).isTrue();
            int size = sizes[c];
            assertThat(Arrays.stream(chosen.get(c)).allMatch(row -> row < size)).isTrue();
        }
    }

    private static int sum(Integer[] sizes) {
        return Arrays.stream(sizes).mapToInt(Integer::intValue).sum();
    }
}

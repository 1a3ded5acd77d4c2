package org.bandpass.eval.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.GauntletData;
import org.junit.jupiter.api.Test;

/** Oracle: CPython's {@code random} and {@code set}. */
class ShotDrawsTest {

    @Test
    void theGeneratorGivesTheWordsOfCPython() {
        MersenneTwister random = new MersenneTwister(1234);

        assertThat(new long[] {word(random), word(random), word(random), word(random), word(random)})
                .containsExactly(4150886329L, 3342196574L, 1892932127L, 501869158L, 32175636L);
    }

    @Test
    void theGeneratorGivesTheWordsOfCPythonAfterManyBlocks() {
        MersenneTwister random = new MersenneTwister(1234);
        long last = 0;
        for (int i = 0; i < 2000; i++) {
            last = word(random);
        }

        // random.seed(1234); [random.getrandbits(32) for _ in range(2000)][-1]
        assertThat(last).isEqualTo(881902874L);
    }

    @Test
    void shotsStandInTheOrderOfASet() {
        ShotDraws draws = new ShotDraws(20, 3);

        assertThat(draws.next(0)).containsExactly(2, 3, 14);
        assertThat(draws.next(1)).containsExactly(3, 18, 2);
        assertThat(draws.next(2)).containsExactly(0, 11, 7);
    }

    @Test
    void theAskedRowIsReplacedInTheSlotThatItLeaves() {
        ShotDraws draws = new ShotDraws(60, 3);
        draws.next(0);
        draws.next(1);

        assertThat(draws.next(2)).containsExactly(42, 51, 37);
    }

    @Test
    void aSmallFileShowsAllOtherRows() {
        ShotDraws draws = new ShotDraws(2, 5);

        assertThat(draws.next(0)).containsExactly(1);
        assertThat(draws.next(1)).containsExactly(0);
    }

    @Test
    void theOnlyRowHasNoShots() {
        assertThat(new ShotDraws(1, 3).next(0)).isEmpty();
    }

    @Test
    void allVectorsAgree() throws IOException {
        JsonNode vectors = GauntletData.vectors("fewshot-vectors.json");
        MersenneTwister random = new MersenneTwister(vectors.get("seed").intValue());
        for (JsonNode word : vectors.get("mt19937_first_u32")) {
            assertThat(word(random)).isEqualTo(word.longValue());
        }

        for (JsonNode vector : vectors.get("first_rows_in_order")) {
            ShotDraws draws =
                    new ShotDraws(vector.get("n").intValue(), vector.get("k").intValue());
            for (int row = 0; row < vector.get("rows").size(); row++) {
                assertThat(draws.next(row))
                        .as("row %s of %s", row, vector)
                        .containsExactly(integers(vector.get("rows").get(row)));
            }
        }
        for (JsonNode vector : vectors.get("replacement_edge_cases")) {
            ShotDraws draws =
                    new ShotDraws(vector.get("n").intValue(), vector.get("k").intValue());
            for (int row = 0; row < vector.get("row").intValue(); row++) {
                draws.next(row);
            }
            assertThat(draws.next(vector.get("row").intValue()))
                    .as("%s", vector)
                    .containsExactly(integers(vector.get("shots")));
        }
    }

    private static int[] integers(JsonNode array) {
        List<Integer> values = new ArrayList<>();
        array.forEach(value -> values.add(value.intValue()));
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    private static long word(MersenneTwister random) {
        return Integer.toUnsignedLong(random.word());
    }
}

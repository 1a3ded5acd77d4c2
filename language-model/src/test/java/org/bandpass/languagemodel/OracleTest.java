package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Likelihoods of other implementations, token by token. */
class OracleTest {
    private static final Path ORACLES =
            Path.of(System.getProperty("bandpass.root", "..")).resolve("../shared/oracles");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny-mpt",
                "tiny-gpt-neox",
                "tiny-llama-gqa",
                "tiny-random-gpt2",
                "perturbed-gpt2",
                "aidreams-260k-llama"
            })
    void agreesWithTheOracleOnEveryToken(String name) throws IOException {
        Path folder = ORACLES.resolve(name);
        assumeTrue(Files.exists(folder), folder + " is absent");
        JsonNode oracle =
                new ObjectMapper().readTree(folder.resolve("oracle.json").toFile());
        double tolerance = oracle.get("tolerance_nll").asDouble();
        List<int[]> rows = new ArrayList<>();
        try (LanguageModel model = LanguageModel.load(folder, "cpu", "fp32")) {
            for (JsonNode sequence : oracle.get("sequences")) {
                rows.add(ints(sequence.get("input_ids")));
            }
            float[][] together = model.tokenNats(rows.toArray(new int[0][]));
            for (int r = 0; r < rows.size(); r++) {
                JsonNode expected = oracle.get("sequences").get(r).get("nll");
                float[] alone = model.tokenNats(new int[][] {rows.get(r)})[0];
                assertThat(alone).hasSize(expected.size());
                for (int i = 0; i < alone.length; i++) {
                    assertThat((double) alone[i]).isCloseTo(expected.get(i).asDouble(), within(tolerance));
                    assertThat((double) together[r][i])
                            .isCloseTo(expected.get(i).asDouble(), within(tolerance));
                }
            }
        }
    }

    private static int[] ints(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).asInt();
        }
        return ids;
    }
}

package org.bandpass.languagemodel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        OracleFile.assertAgrees(folder);
    }
}

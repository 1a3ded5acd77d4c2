package org.bandpass.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvalBenchmarkTest {

    @TempDir
    private Path folder;

    /** The benchmark itself refuses figures of two ways that compute different numbers. */
    @Test
    void everyKindHasTheRatesOfBothWaysAndTheirRatio() throws IOException {
        new BenchmarkShape("tiny", "mpt", 97, 16, 1, 2, 1, 640).write(folder);
        StringWriter out = new StringWriter();
        CommandLine line = Benchmarks.commandLine().setOut(new PrintWriter(out));

        assertThat(line.execute("eval", "--model", folder.toString(), "--rows=2", "--rounds=1", "--json"))
                .isZero();

        List<String> names = new ArrayList<>();
        for (JsonNode figure : new ObjectMapper().readTree(out.toString()).get("figures")) {
            names.add(figure.get("name").asText());
            boolean unknown = figure.get("name").asText().endsWith("-to-python");
            assertThat(figure.get("value").isNull()).isEqualTo(unknown);
            assertThat(unknown || figure.get("value").asDouble() > 0).isTrue();
        }
        for (String kind :
                List.of("multiple-choice", "one-token-choices", "language-modeling", "schema", "generation")) {
            assertThat(names).contains(kind, kind + "-plain", kind + "-to-plain", kind + "-to-python");
        }
    }

    @Test
    void aShortContextIsRefused() throws IOException {
        new BenchmarkShape("short", "gpt2", 97, 16, 1, 2, 1, 64).write(folder);
        StringWriter err = new StringWriter();
        CommandLine line = Benchmarks.commandLine().setErr(new PrintWriter(err));

        assertThat(line.execute("eval", "--model", folder.toString())).isEqualTo(1);

        assertThat(err.toString())
                .contains("has a context of 64; the rows of this benchmark need 640")
                .doesNotContain("\tat ");
    }
}

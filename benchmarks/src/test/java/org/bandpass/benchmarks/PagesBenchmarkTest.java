package org.bandpass.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PagesBenchmarkTest {

    @TempDir
    private Path folder;

    @Test
    void comparesRunsOfFourWords() {
        ShingleScores scores = new ShingleScores();
        // Runs: a b c d, b c d e; found: the first, and b c d x, c d x y.
        scores.add("a b c d e", "a b, c d x y");
        // Fewer words are one run; an empty text has no precision, an empty truth no recall.
        scores.add("Z\u00fcrich 8", "Z\u00fcrich 8");
        scores.add("a", "");
        scores.add("", "a");

        assertThat(scores.precision()).isCloseTo((1 / 3.0 + 1 + 0) / 3, within(1e-12));
        assertThat(scores.recall()).isCloseTo((1 / 2.0 + 1 + 0) / 3, within(1e-12));
        double sum = scores.precision() + scores.recall();
        assertThat(scores.f1()).isCloseTo(2 * scores.precision() * scores.recall() / sum, within(1e-12));
    }

    @Test
    void readsTheLayoutOfTheBenchmark() throws IOException {
        String truth = "One two three four five.";
        page("a", "<nav><a href=/>Home</a></nav><p>" + truth + "</p>");
        page("b", "<p>" + truth + " Six</p>");
        Files.writeString(
                folder.resolve("ground-truth.json"),
                "{\"a\": {\"articleBody\": \"" + truth + "\"}, \"b\": {\"articleBody\": \"" + truth + "\"}}");
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new Benchmarks()).setOut(new PrintWriter(out));

        assertThat(line.execute("pages", "--pages", folder.toString(), "--rounds", "1", "--json"))
                .isZero();

        Map<String, JsonNode> figures = new HashMap<>();
        new ObjectMapper()
                .readTree(out.toString())
                .path("figures")
                .forEach(figure -> figures.put(figure.path("name").asText(), figure));
        assertThat(figures).containsOnlyKeys("pages", "f1", "precision", "recall", "speed");
        assertThat(figures.get("precision").path("value").asDouble()).isCloseTo((1 + 2 / 3.0) / 2, within(1e-12));
        assertThat(figures.get("recall").path("value").asDouble()).isEqualTo(1);
        assertThat(figures.get("f1").path("met").asBoolean()).isFalse();
    }

    @Test
    void namesTheMissingFileInOneLine() throws IOException {
        Path truths = folder.resolve("ground-truth.json");
        assertThat(failure())
                .isEqualTo("bandpass: there is no " + truths + " to read; see 'bandpass bench pages --help'");

        Files.writeString(truths, "{\"a\": {\"articleBody\": \"text\"}}");
        assertThat(failure()).isEqualTo("bandpass: no such file: " + folder.resolve("html/a.html.gz"));
    }

    /** Returns the output of a benchmark that fails. */
    private String failure() {
        StringWriter err = new StringWriter();
        CommandLine line = Benchmarks.commandLine().setErr(new PrintWriter(err, true));
        assertThat(line.execute("pages", "--pages", folder.toString())).isEqualTo(1);
        return err.toString().strip();
    }

    private void page(String name, String html) throws IOException {
        Path file = Files.createDirectories(folder.resolve("html")).resolve(name + ".html.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(html.getBytes(StandardCharsets.UTF_8));
        }
    }
}

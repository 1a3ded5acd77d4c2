package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PromptsCommandTest {

    private static final String PROFILE = """
            {"name": "own", "version": "1", "average": "tasks", "tasks": [
              {"label": "sky", "category": "nature", "type": "language_modeling", "shots": 1, "baseline": 0,
               "by_category": true, "file": {"paths": ["local_data/sky.jsonl"], "exact": "git:%1$s"}},
              {"label": "who", "category": "books", "type": "generation", "shots": 0, "baseline": 0,
               "file": {"paths": ["local_data/who.jsonl"], "exact": "git:%1$s"}},
              {"label": "gone", "category": "books", "type": "generation", "shots": 0, "baseline": 0,
               "file": {"paths": ["local_data/gone.jsonl"], "exact": "git:%1$s"}}]}
            """.formatted("0".repeat(40));

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        Path local = Files.createDirectories(folder.resolve("local_data"));
        Files.writeString(folder.resolve("own.json"), PROFILE);
        Files.write(
                local.resolve("sky.jsonl"),
                List.of(
                        "{\"category\": \"b\", \"context\": \"Snow is\", \"continuation\": \"white\"}",
                        "{\"category\": \"a\", \"context\": \"The sky is\", \"continuation\": \"blue\"}",
                        "{\"category\": \"a\", \"context\": \"Grass is\", \"continuation\": \"green\"}"));
        Files.write(
                local.resolve("who.jsonl"),
                List.of("{\"context\": \"Emma?\", \"answer\": \"Jane Austen\", \"aliases\": [\"Austen\"]}"));
    }

    @Test
    void printsAnObjectForEachTaskAndCategory() throws IOException {
        assertThat(run("--json")).isZero();

        List<JsonNode> objects = new ArrayList<>();
        for (String line : out.toString().split("\n")) {
            objects.add(new ObjectMapper().readTree(line));
        }
        assertThat(objects).hasSize(3);
        // sha256 of Python's json.dumps of the two prompts
        assertThat(objects.get(0)).isEqualTo(new ObjectMapper().readTree("""
                        {"task": "sky", "category": "a", "rows": 2,
                         "sha256": "e4f30f18f65bde5519bb6802df3b42916f0ae4cdbea87063da5291ea3e6d3db4",
                         "row0": {"preamble": "Grass is green", "contexts": ["\\nThe sky is"],
                                  "continuations": [" blue"], "gold": null}}
                        """));
        assertThat(objects.get(1).at("/row0/preamble").textValue()).isEmpty();
        assertThat(objects.get(2).get("category").isNull()).isTrue();
        assertThat(objects.get(2).at("/row0/continuations").toString()).isEqualTo("[\"Austen\",\"Jane Austen\"]");
        assertThat(objects.get(2).at("/row0/gold").isNull()).isTrue();
        assertThat(err.toString())
                .contains("gone/0-shot is left out: there is no " + folder.resolve("local_data/gone.jsonl"))
                .contains("who/0-shot: " + folder.resolve("local_data/who.jsonl") + " is not the original file");
    }

    @Test
    void printsATableOfTheNamedTasks() {
        assertThat(run("--tasks", "sky/1-shot")).isZero();

        assertThat(out.toString()).contains("sky/1-shot").doesNotContain("who");
        assertThat(out.toString().lines()).hasSize(3);
    }

    @Test
    void anUnknownTaskIsAnErrorThatListsTheKnown() {
        assertThat(run("--tasks", "sea")).isEqualTo(1);

        assertThat(err.toString()).contains("has no task sea; it has sky/1-shot, who/0-shot, gone/0-shot");
    }

    @Test
    void aNamedTaskWithoutItsFileIsAnError() {
        assertThat(run("--tasks", "gone")).isEqualTo(1);

        assertThat(err.toString()).contains("gone.jsonl, which task gone/0-shot uses");
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("prompts", "--gauntlet", folder.toString(), "--profile"));
        all.add(folder.resolve("own.json").toString());
        all.addAll(List.of(arguments));
        CommandLine line = new CommandLine(new EvalCommand());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        line.setExecutionExceptionHandler((e, command, result) -> {
            err.append(e.getMessage());
            return 1;
        });
        return line.execute(all.toArray(String[]::new));
    }
}

package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bandpass.eval.figures.PairedBootstrap;
import org.bandpass.eval.folder.EvaluationFolder;
import org.bandpass.eval.folder.EvaluationJson;
import org.bandpass.eval.folder.FolderEvaluation;
import org.bandpass.eval.profile.Profile;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.ModelPreset;
import org.bandpass.languagemodel.TrainingSession;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code bandpass eval --model DIR --gauntlet DATA_DIR} with a tiny model of random weights, and no broker. */
class FolderCommandTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String TASK = "{'label': '%s', 'category': '%s', 'type': '%s', 'shots': %d, 'baseline': %s,"
            + " 'file': {'paths': ['local_data/%s.jsonl'], 'exact': 'git:%s'}%s}";

    @TempDir
    private static Path folder;

    private static Path model;
    private static Path profile;

    private record Outcome(int code, String out, @Nullable Exception thrown) {}

    @BeforeAll
    static void makeFiles() throws Exception {
        model = Files.createDirectories(folder.resolve("model"));
        ModelPreset preset = ModelPreset.named("tiny");
        try (TrainingSession session = TrainingSession.start(preset.config(512), preset.recipe(10, 2), 1, "cpu")) {
            session.writeModel(model);
        }
        List<String> texts = Texts.documents("prose", 40, 450).stream()
                .map(document -> document.getText())
                .toList();
        BytePairTrainer.train(texts.iterator(), 512, model.resolve("tokenizer.json"));
        Path data = Files.createDirectories(folder.resolve("data/local_data"));
        Random random = new Random(5);
        lines(data.resolve("words.jsonl"), i -> "{'context': 'The word " + i + " is', 'continuation': 'one'}");
        lines(
                data.resolve("choices.jsonl"),
                i -> "{'query': 'Which " + i + "?', 'choices': ['a', 'the other é'], 'gold': " + random.nextInt(2)
                        + ", 'category': 'c" + i % 3 + "'}");
        lines(
                data.resolve("schema.jsonl"),
                i -> "{'context_options': ['Al saw " + i + "', 'Bo saw " + i + "'], 'continuation': 'it.', 'gold': 1}");
        lines(data.resolve("text.jsonl"), i -> "{'context': 'Say " + i + "', 'answer': 'two', 'aliases': ['2']}");
        String none = "0".repeat(40);
        Profile built = Profile.named("core-v2");
        assertThat(built.tasks()).isNotEmpty();
        profile = folder.resolve("mine.json");
        Files.writeString(
                profile,
                ("{'name': 'mine', 'version': '3', 'average': 'categories', 'tasks': ["
                                + String.join(
                                        ",",
                                        TASK.formatted(
                                                "words", "x", "language_modeling", 2, "0", "words", hash("words"), ""),
                                        TASK.formatted(
                                                "choices",
                                                "x",
                                                "multiple_choice",
                                                1,
                                                "0.5",
                                                "choices",
                                                hash("choices"),
                                                ", 'by_category': true"),
                                        TASK.formatted("schema", "y", "schema", 0, "0.5", "schema", hash("schema"), ""),
                                        TASK.formatted("text", "y", "generation", 1, "0", "text", hash("text"), ""),
                                        TASK.formatted("lost", "y", "schema", 0, "0.5", "lost", none, ""))
                                + "]}")
                        .replace('\'', '"'));
    }

    private static void lines(Path file, java.util.function.IntFunction<String> line) throws IOException {
        Files.write(
                file,
                IntStream.range(0, 30)
                        .mapToObj(line)
                        .map(text -> text.replace('\'', '"'))
                        .toList());
    }

    /** Returns the hash of a file as git makes it. */
    private static String hash(String name) throws Exception {
        byte[] bytes = Files.readAllBytes(folder.resolve("data/local_data/" + name + ".jsonl"));
        java.security.MessageDigest digest = java.security.MessageDigest.getInstance("SHA-1");
        digest.update(("blob " + bytes.length + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return java.util.HexFormat.of().formatHex(digest.digest(bytes));
    }

    private static Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        Exception[] thrown = new Exception[1];
        CommandLine line = new CommandLine(new EvalCommand());
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(new StringWriter()));
        line.setExecutionExceptionHandler((e, command, result) -> {
            thrown[0] = e;
            return 1;
        });
        return new Outcome(line.execute(arguments), out.toString(), thrown[0]);
    }

    private static Outcome evaluate(String... more) {
        return run(Stream.concat(
                        Stream.of(
                                "--model",
                                model.toString(),
                                "--gauntlet",
                                folder.resolve("data").toString(),
                                "--profile",
                                profile.toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void writesTableJsonAndRows() throws Exception {
        Path out = folder.resolve("out");
        Path rows = folder.resolve("rows.jsonl");

        Outcome outcome = evaluate("--json", "--out", out.toString(), "--rows", rows.toString());

        assertThat(outcome.thrown()).isNull();
        assertThat(outcome.code()).isZero();
        JsonNode json = MAPPER.readTree(outcome.out());
        assertThat(json.path("average").path("partial").asBoolean()).isTrue();
        assertThat(json.path("average").path("tasks").asInt()).isEqualTo(4);
        assertThat(json.path("average").path("absent").toString()).isEqualTo("[\"lost/0-shot (missing)\"]");
        assertThat(json.path("categories").path("x").path("partial").asBoolean())
                .isFalse();
        assertThat(json.path("tasks").findValuesAsText("task"))
                .containsExactly("words/2-shot", "choices/1-shot", "schema/0-shot", "text/1-shot", "lost/0-shot");
        assertThat(json.path("tasks").get(1).path("parts").size()).isEqualTo(3);
        double x = json.path("tasks").get(0).path("score").asDouble()
                + json.path("tasks").get(1).path("score").asDouble();
        assertThat(json.path("categories").path("x").path("score").asDouble()).isCloseTo(x / 2, within(1e-12));

        // The same numbers from the folder, from which two evaluations are compared.
        assertThat(out.resolve("evaluation.txt")).content().contains("partial, 4 of 5 tasks");
        FolderEvaluation read = EvaluationFolder.read(out, Profile.named(profile.toString()));
        assertThat(EvaluationFolder.isOne(out)).isTrue();
        assertThat(MAPPER.readTree(EvaluationJson.of(read).toString())).isEqualTo(json);
        assertThat(PairedBootstrap.of(read.profile(), read.scored(), read.scored(), 1)
                        .average()
                        .difference())
                .isZero();

        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(rows)) {
            lines.add(MAPPER.readTree(line));
        }
        assertThat(lines).hasSize(120);
        assertPlainLikelihoods(lines.get(0));
        assertPlainLikelihoods(lines.get(31));
        assertThat(lines.get(100).path("answers").toString()).isEqualTo("[\"2\",\"two\"]");
        assertThat(lines.get(100).path("answer").isTextual()).isTrue();
    }

    @Test
    void comparesFolders() throws Exception {
        Path all = folder.resolve("compared-all");
        Path some = folder.resolve("compared-some");
        evaluate("--tasks", "words,choices,schema", "--out", all.toString());
        evaluate("--tasks", "choices,text", "--out", some.toString(), "--limit", "9");

        Outcome same = run("compare", all.toString(), all.toString(), "--profile", profile.toString());
        Outcome both = run("compare", all.toString(), some.toString(), "--profile", profile.toString(), "--json");

        assertThat(same.code()).isZero();
        assertThat(same.out())
                .contains("choices/1-shot")
                .contains("average is partial, without text/1-shot, lost/0-shot")
                .containsPattern("average +90 +\\+0.00 ± 0.00 .* within noise \\(partial\\)");
        JsonNode json = MAPPER.readTree(both.out());
        assertThat(json.path("tasks").properties()).hasSize(1);
        assertThat(json.path("tasks").path("choices/1-shot").path("rows").asInt())
                .isEqualTo(9);
        assertThat(json.path("average").path("difference").asDouble()).isZero();
        assertThat(run("compare", "nowhere", all.toString()).thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("nowhere holds no evaluation.json")
                .hasMessageContaining("report RUN");
        assertThat(run("compare", all.toString(), some.toString()).thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("profile mine")
                .hasMessageContaining("--profile");
    }

    /** Computes the likelihoods of a row in the plain way: each continuation behind the whole prompt. */
    private static void assertPlainLikelihoods(JsonNode row) {
        try (LanguageModel plain = LanguageModel.load(model, "cpu", "fp32");
                TextTokenizer tokenizer = TextTokenizer.load(model)) {
            for (int c = 0; c < row.path("continuations").size(); c++) {
                int[] continuation =
                        tokenizer.encode(row.path("continuations").get(c).asText());
                int[] ids = IntStream.of(tokenizer.encode(row.path("preamble").asText()))
                        .toArray();
                ids = joined(ids, tokenizer.encode(row.path("contexts").get(0).asText()));
                ids = joined(ids, continuation);
                float[] nats = plain.tokenNats(new int[][] {ids})[0];
                double sum = 0;
                for (int i = nats.length - continuation.length; i < nats.length; i++) {
                    sum += nats[i];
                }
                assertThat(row.path("options").get(c).path("tokens").asInt()).isEqualTo(continuation.length);
                assertThat(row.path("options").get(c).path("nats").asDouble()).isCloseTo(sum, within(1e-4));
            }
        }
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
    }

    @Test
    void scoresSomeRowsWithTheirOwnPrompts() throws Exception {
        Path all = folder.resolve("all.jsonl");
        Path some = folder.resolve("some.jsonl");
        evaluate("--tasks", "words,choices/1-shot", "--rows", all.toString());

        Outcome outcome = evaluate("--tasks", "words,choices/1-shot", "--rows", some.toString(), "--limit", "7");

        assertThat(outcome.out())
                .contains("7 of 30")
                .contains("partial, 2 of 5 tasks; at most 7 rows a task; prompts of at most")
                .contains("Not in the average: 3 tasks of the profile that were not chosen.")
                .contains("Not comparable with the paper's numbers: profile mine is not the paper's");
        List<String> rows = Files.readAllLines(some);
        assertThat(rows).hasSize(14);
        List<String> prompts = new ArrayList<>();
        for (String line : Files.readAllLines(all)) {
            prompts.add(prompt(line));
        }
        for (String row : rows) {
            assertThat(prompts).contains(prompt(row));
        }
    }

    private static String prompt(String line) throws IOException {
        JsonNode row = MAPPER.readTree(line);
        return row.path("task") + " " + row.path("row") + row.path("preamble") + row.path("contexts");
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(evaluate("--tasks", "lost").thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("lost/0-shot")
                .hasMessageContaining("docs/evaluation.md");
        assertThat(evaluate("--tasks", "nothing").thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("words/2-shot");
        assertThat(run(
                                "--model",
                                "nowhere",
                                "--gauntlet",
                                folder.resolve("data").toString(),
                                "--profile",
                                profile.toString(),
                                "--tasks",
                                "words")
                        .thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void findsBadFilesBeforeItScores() throws Exception {
        Path bad = Files.createDirectories(folder.resolve("bad/local_data"));
        for (String name : List.of("words", "choices", "text")) {
            Files.copy(folder.resolve("data/local_data/" + name + ".jsonl"), bad.resolve(name + ".jsonl"));
        }
        Files.writeString(
                bad.resolve("schema.jsonl"),
                "{'context_options': ['a', 'b'], 'continuation': 'it.', 'gold': 5}\n".replace('\'', '"'));
        Path rows = folder.resolve("never.jsonl");

        Outcome outcome = run(
                "--model",
                model.toString(),
                "--gauntlet",
                bad.getParent().toString(),
                "--profile",
                profile.toString(),
                "--rows",
                rows.toString());

        assertThat(outcome.thrown()).isInstanceOf(ProgramFailure.class).hasMessageContaining("schema.jsonl");
        assertThat(rows).doesNotExist();
        assertThat(evaluate("--out", profile.resolve("below a file").toString()).thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("cannot write");
        Path named = folder.resolve("named.json");
        Files.writeString(named, Files.readString(profile).replace("mine", Profile.DEFAULT));
        assertThat(run("--model", model.toString(), "--gauntlet", bad.toString(), "--profile", named.toString())
                        .thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("name of a built-in profile");
    }

    @Test
    void saysWhereATokenizerIsTooLargeForItsModel() throws Exception {
        Path small = Files.createDirectories(folder.resolve("small"));
        ModelPreset preset = ModelPreset.named("tiny");
        try (TrainingSession session = TrainingSession.start(preset.config(64), preset.recipe(10, 2), 1, "cpu")) {
            session.writeModel(small);
        }
        Files.copy(model.resolve("tokenizer.json"), small.resolve("tokenizer.json"));

        Outcome outcome = run(
                "--model",
                small.toString(),
                "--gauntlet",
                folder.resolve("data").toString(),
                "--profile",
                profile.toString(),
                "--tasks",
                "words");

        assertThat(outcome.thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("does not fit its tokenizer")
                .hasMessageContaining("vocabulary of 64");
    }

    @Test
    void refusesAFolderThatWasNotWrittenToItsEnd() throws Exception {
        Path cut = folder.resolve("cut");
        evaluate("--tasks", "words", "--out", cut.toString());
        List<String> lines = Files.readAllLines(cut.resolve("rows.jsonl"));
        Files.write(cut.resolve("rows.jsonl"), lines.subList(0, 10));

        assertThat(run("compare", cut.toString(), cut.toString(), "--profile", profile.toString())
                        .thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("10 rows of words/2-shot")
                .hasMessageContaining("evaluate the model again");
    }

    @Test
    void refusesOptionsThatDoNotFitTogether() {
        for (List<String> arguments : List.of(
                List.of("--until-caught-up"),
                List.of("--max-windows", "1"),
                List.of("--max-rows-per-domain", "1"),
                List.of("--metrics-port", "0"),
                List.of("--wait-for-topics"),
                List.of("--bootstrap-servers", "localhost:9092"),
                List.of("--limit", "0"),
                List.of("--limit", "some"))) {
            assertThat(evaluate(arguments.toArray(String[]::new)).code())
                    .as("%s", arguments)
                    .isEqualTo(2);
        }
        assertThat(run("--out", "somewhere").code()).isEqualTo(2);
        assertThat(run("--rows", "somewhere", "--once", "run").code()).isEqualTo(2);
        assertThat(run("--model", model.toString()).code()).isEqualTo(2);
        assertThat(run("--model", model.toString(), "--limit", "3").code()).isEqualTo(2);
    }
}

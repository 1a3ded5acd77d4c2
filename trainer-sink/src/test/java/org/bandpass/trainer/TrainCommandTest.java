package org.bandpass.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.SplitPart;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.FolderLock;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.bandpass.trainer.data.Texts;
import org.bandpass.trainer.run.OnOneBroker;
import org.bandpass.trainer.run.TinyRuns;
import org.bandpass.trainer.run.TrainerSettingsTest;
import org.bandpass.trainer.run.TrainerTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Both commands, with their arguments as typed. */
class TrainCommandTest extends OnOneBroker {

    private record Result(int code, String out, String error, Exception thrown) {

        JsonNode json() throws Exception {
            return new ObjectMapper().readTree(out);
        }
    }

    @TempDir
    private Path folder;

    @Test
    void trainsATokenizerAndThenAModelWithIt() throws Exception {
        topics.ingest(mixed(60));
        String tokenizer = folder.resolve("tokenizer").toString();

        Result result = run(new TokenizerCommand(), "--vocabulary", "300", "--out", tokenizer, "--json");

        assertThat(result.thrown()).isNull();
        assertThat(result.code()).isZero();
        assertThat(result.json().path("vocabulary").asInt()).isEqualTo(300);
        assertThat(result.json().path("documents").asInt()).isEqualTo(60);
        try (TextTokenizer loaded = TextTokenizer.load(Path.of(tokenizer))) {
            assertThat(result.json().path("revision").asText()).isEqualTo(loaded.revision());
            assertThat(loaded.endOfText()).isZero();
        }
        JsonNode config = new ObjectMapper()
                .readTree(Files.readString(folder.resolve("tokenizer").resolve("tokenizer_config.json")));
        assertThat(config.path("eos_token").asText()).isEqualTo("<|endoftext|>");

        Result trained = train("--tokens", "1024", "--json", "--checkpoint-every", "2");
        assertThat(trained.thrown()).isNull();
        assertThat(trained.code()).isZero();
        assertThat(trained.json().path("role").asText()).isEqualTo("reference");
        assertThat(trained.json().path("steps").asInt()).isEqualTo(4);
        assertThat(trained.json().path("tokens").asInt()).isEqualTo(1024);
        assertThat(trained.json().path("endedBy").asText()).isEqualTo("tokens");
        try (LanguageModel model =
                LanguageModel.load(Path.of(trained.json().path("model").asText()), "cpu", "fp32")) {
            assertThat(model.vocabularySize()).isEqualTo(300);
            assertThat(model.parameters())
                    .isEqualTo(trained.json().path("parameters").asLong());
        }
        assertThat(topics.last("reference").getState()).isEqualTo(RunState.FINISHED);

        Result again = train("--tokens", "1024", "--json", "--checkpoint-every", "2", "--resume");
        assertThat(again.code()).isZero();
        assertThat(again.json()).isEqualTo(trained.json());
    }

    private Result train(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--run",
                "reference",
                "--reference",
                "--tokenizer",
                folder.resolve("tokenizer").toString(),
                "--preset",
                "tiny",
                "--seed",
                "1",
                "--out",
                folder.resolve("run").toString()));
        arguments.addAll(List.of(more));
        return run(new TrainCommand(), arguments.toArray(String[]::new));
    }

    private static List<Document> mixed(int each) {
        List<Document> all = new ArrayList<>(Texts.documents(SplitPart.REFERENCE, each, 40));
        all.addAll(Texts.documents(SplitPart.FINAL, each, 40));
        all.addAll(Texts.documents(SplitPart.HELD_OUT, each, 40));
        return all;
    }

    @Test
    void makesTheSameTokenizerOfTheSameDocuments() throws Exception {
        List<Document> documents = mixed(50);
        topics.ingest(documents);
        Path one = tokenizer(topics, "one", "2000");
        try (TrainerTopics other = new TrainerTopics(broker)) {
            Collections.shuffle(documents, new Random(4));
            other.ingest(documents, 7);
            assertThat(tokenizer(other, "other", "2000").resolve("tokenizer.json"))
                    .hasSameBinaryContentAs(one.resolve("tokenizer.json"));
        }
        assertThat(tokenizer(topics, "small", "200")
                        .resolve("tokenizer.json")
                        .toFile()
                        .length())
                .isLessThan(one.resolve("tokenizer.json").toFile().length());

        Result same =
                run(new TokenizerCommand(), "--vocabulary", "400", "--out", one.toString(), "--sample-bytes", "2000");
        assertThat(same.code()).isZero();
        Result different = run(new TokenizerCommand(), "--vocabulary", "300", "--out", one.toString());
        assertThat(different.thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("exists and is another tokenizer");
        try (Stream<Path> files = Files.list(one)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("tokenizer.json", "tokenizer_config.json", "bandpass.lock");
        }
    }

    private Path tokenizer(TrainerTopics from, String name, String bytes) {
        Path out = folder.resolve(name);
        List<String> arguments = new ArrayList<>(from.arguments());
        arguments.addAll(List.of("--vocabulary", "400", "--sample-bytes", bytes, "--out", out.toString()));
        Result result = execute(new TokenizerCommand(), arguments);
        assertThat(result.code()).as("%s", result.thrown()).isZero();
        assertThat(Integer.parseInt(result.out()
                        .replaceAll("(?s).* with ([\\d,]+) bytes.*", "$1")
                        .replace(",", "")))
                .isBetween(Integer.parseInt(bytes), Integer.parseInt(bytes) + 400);
        return out;
    }

    @Test
    void reportsThatThereIsNoText() {
        Result none = run(new TokenizerCommand(), "--vocabulary", "300", "--out", folder.toString());
        assertThat(none.thrown()).isInstanceOf(ProgramFailure.class).hasMessageContaining("there is no topic");
        topics.ingest(Texts.documents(SplitPart.FINAL, 3, 5));
        Result empty = run(new TokenizerCommand(), "--vocabulary", "300", "--out", folder.toString());
        assertThat(empty.thrown()).isInstanceOf(ProgramFailure.class).hasMessageContaining("holds no document");
        Result missing = train("--tokens", "1024");
        assertThat(missing.thrown())
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("there is no tokenizer in");
    }

    /** The default prefix differs from this test's, and stands for a mistyped one. */
    @Test
    void makesNothingUnderAMistypedPrefix() throws Exception {
        topics.ingest(Texts.documents(SplitPart.REFERENCE, 3, 5));
        new TinyRuns(folder, TrainerSettingsTest.parse(), Stop.byRequest()).tokenizer();
        String typed = topics.topics().prefix().replace("train", "trian");

        Result tokenizer = run(
                new TokenizerCommand(),
                "--vocabulary",
                "300",
                "--out",
                folder.resolve("t").toString(),
                "--set",
                "topic.prefix=" + typed);
        Result trained = train("--tokens", "1024", "--set", "topic.prefix=" + typed);

        for (Result result : List.of(tokenizer, trained)) {
            assertThat(result.thrown())
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("there is no topic " + typed + "documents (topic.prefix=" + typed + ")")
                    .hasMessageContaining(topics.topics().prefix())
                    .hasMessageContaining("--wait-for-topics");
        }
        try (Admin admin = Admin.create(broker.client())) {
            assertThat(admin.listTopics().names().get()).noneMatch(name -> name.startsWith(typed));
        }
    }

    @Test
    void waitsForItsTopicWithTheOption() throws Exception {
        CompletableFuture<Result> waiting = CompletableFuture.supplyAsync(() -> run(
                new TokenizerCommand(),
                "--vocabulary",
                "300",
                "--out",
                folder.resolve("t").toString(),
                "--wait-for-topics"));

        topics.ingest(List.of());

        assertThat(waiting.get().thrown()).isInstanceOf(ProgramFailure.class).hasMessageContaining("holds no document");
    }

    @Test
    void leavesAFolderInUseAlone() {
        topics.ingest(Texts.documents(SplitPart.REFERENCE, 3, 5));
        Path out = folder.resolve("t");
        try (FolderLock held = FolderLock.take(out)) {
            assertThat(held).isNotNull();
            assertThat(run(new TokenizerCommand(), "--vocabulary", "300", "--out", out.toString())
                            .thrown())
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining(
                            "is in use by process " + ProcessHandle.current().pid());
        }
        assertThat(out.resolve("tokenizer.json")).doesNotExist();
    }

    @Test
    void refusesUsesThatMakeNoSense() {
        new TinyRuns(folder, TrainerSettingsTest.parse(), Stop.byRequest()).tokenizer();
        for (List<String> arguments : List.of(
                List.of("--control"),
                List.of("--plan", "p"),
                List.of("--tokens", "1024", "--minutes", "3"),
                List.of("--tokens", "255"),
                List.of("--minutes", "0"),
                List.of("--device", "gpu"),
                List.of("--dtype", "fp16"),
                List.of("--checkpoint-every", "0"),
                List.of("--learning-rate", "0"),
                List.of("--learning-rate", "1"),
                List.of("--learning-rate", "NaN"),
                List.of("--nonsense"))) {
            assertThat(train(arguments.toArray(String[]::new)).code())
                    .as("%s", arguments)
                    .isEqualTo(2);
        }
        Result preset = run(
                new TrainCommand(),
                "--run=a",
                "--control",
                "--tokenizer=" + folder,
                "--preset=huge",
                "--seed=1",
                "--out=" + folder);
        assertThat(preset.code()).isEqualTo(2);
        assertThat(preset.error()).contains("huge").contains("mpt-125m");
        assertThat(run(
                                new TrainCommand(),
                                "--run=a b",
                                "--control",
                                "--tokenizer=t",
                                "--preset=tiny",
                                "--seed=1",
                                "--out=o")
                        .code())
                .isEqualTo(2);
        assertThat(run(new TokenizerCommand(), "--vocabulary", "256", "--out", "o")
                        .code())
                .isEqualTo(2);
        assertThat(run(new TokenizerCommand(), "--out", "o").code()).isEqualTo(2);
    }

    @Test
    void distinguishesInvalidSettingsFromFailures() throws Exception {
        new TinyRuns(folder, TrainerSettingsTest.parse(), Stop.byRequest()).tokenizer();
        assertThat(train("--set", "trainer.passes.max=-1").thrown())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("trainer.passes.max");
        // Bound, so that no broker takes the port, but not listening.
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress("localhost", 0));
            int free = bound.getLocalPort();
            String[] away = {
                "--bootstrap-servers",
                "localhost:" + free,
                "--set",
                "kafka.default.api.timeout.ms=300",
                "--set",
                "kafka.request.timeout.ms=200"
            };
            for (Result result : List.of(
                    train(away),
                    run(
                            new TokenizerCommand(),
                            Stream.concat(
                                            Stream.of(away),
                                            Stream.of("--vocabulary=300", "--out=" + folder.resolve("x")))
                                    .toArray(String[]::new)))) {
                assertThat(result.thrown())
                        .isInstanceOf(ProgramFailure.class)
                        .hasMessageContaining("no Kafka broker answers at localhost:" + free);
            }
        }
    }

    private Result run(Object command, String... more) {
        List<String> arguments = new ArrayList<>(topics.arguments());
        if (List.of(more).contains("--bootstrap-servers")) {
            arguments.subList(0, 2).clear();
        }
        arguments.addAll(List.of(more));
        return execute(command, arguments);
    }

    private static Result execute(Object command, List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter error = new StringWriter();
        Exception[] thrown = new Exception[1];
        CommandLine line = new CommandLine(command);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(error));
        line.setExecutionExceptionHandler((e, c, result) -> {
            thrown[0] = e;
            return 1;
        });
        int code = line.execute(arguments.toArray(String[]::new));
        return new Result(code, out.toString(), error.toString(), thrown[0]);
    }
}

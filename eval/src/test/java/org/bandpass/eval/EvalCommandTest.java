package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bandpass.schemas.RunState.FINISHED;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.languagemodel.DocumentLikelihoods;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.Likelihood;
import org.bandpass.languagemodel.ModelFolder;
import org.bandpass.languagemodel.ModelPreset;
import org.bandpass.languagemodel.TrainingSession;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.EvaluationRow;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line, with a real model of random weights and a real tokenizer. */
class EvalCommandTest {

    private record Outcome(int code, String out, Exception thrown) {}

    @TempDir
    private Path folder;

    @Test
    void evaluatesARealModel() throws Exception {
        List<Document> documents = new ArrayList<>(Texts.documents("prose", 8, 600));
        documents.add(Texts.document("few", "x"));
        Path model = model(documents);
        String revision = ModelFolder.revision(model);
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                EvalCluster cluster = new EvalCluster(broker)) {
            cluster.ingest(documents);
            cluster.train("control", FINISHED, model.toString(), revision);

            Outcome outcome = run(cluster.arguments(), "--until-caught-up", "--json", "--max-rows-per-domain", "5");

            assertThat(outcome.thrown()).isNull();
            assertThat(outcome.code()).isZero();
            JsonNode run =
                    new ObjectMapper().readTree(outcome.out()).path("runs").path(0);
            assertThat(run.path("run").asText()).isEqualTo("control");
            assertThat(run.path("heldOut").path("documents").asInt()).isEqualTo(9);
            // Random weights are worse than a uniform guess among 512 ids.
            assertThat(run.path("heldOut").path("perplexity").asDouble()).isBetween(512.0, 5_000.0);
            assertThat(run.path("cloze").path("rows").asInt()).isEqualTo(5);
            assertThat(run.path("cloze").path("leftOut").path("few").asInt()).isEqualTo(1);
            assertThat(run.path("cloze").path("chance").asDouble()).isEqualTo(0.5);
            assertThat(run.path("cloze").path("accuracy").isNumber()).isTrue();
            assertSameAsOneByOne(model, documents, cluster.summary().task("control", "held-out"));

            Outcome once = run(cluster.arguments(), "--once", "control", "--max-rows-per-domain", "8");
            assertThat(once.code()).isZero();
            assertThat(once.out()).startsWith("control ").contains("bits/byte").contains("cloze");
            assertThat(cluster.evaluations()).containsOnlyKeys("control/held-out/0-9", "control/cloze/0-8");
            GauntletFiles.write(folder);
            Outcome gauntlet = run(
                    cluster.arguments(),
                    "--once",
                    "control",
                    "--step",
                    "all",
                    "--gauntlet",
                    folder.toString(),
                    "--profile",
                    folder.resolve("small.json").toString(),
                    "--limit",
                    "4");
            assertThat(gauntlet.thrown()).isNull();
            assertThat(gauntlet.out()).contains("control").contains("small 2  2 tasks  8 rows");
            assertThat(cluster.evaluations())
                    .containsKeys("control/0/small/sums/1-shot/limit-4/0-4", "control/0/small/sky/0-shot/limit-4/0-4");
            List<String> power = new ArrayList<>(List.of("power", model.toString(), model + "/."));
            power.addAll(cluster.arguments());
            assertThat(run(power).out())
                    .contains("cloze accuracy")
                    .contains("9 rows")
                    .contains("difference 0.0000 ± 0.0000");
            String typed = cluster.topics().prefix().replace("eval", "evla");
            Outcome mistyped = run(cluster.arguments(), "--until-caught-up", "--set", "topic.prefix=" + typed);
            assertThat(mistyped.thrown())
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("there is no topic " + typed + "training-runs (topic.prefix=" + typed + ")")
                    .hasMessageContaining(cluster.topics().prefix());
            try (Admin admin = Admin.create(broker.client())) {
                assertThat(admin.listTopics().names().get()).noneMatch(name -> name.startsWith(typed));
            }
            Outcome nothing = run(cluster.arguments(), "--until-caught-up", "--json");
            assertThat(new ObjectMapper().readTree(nothing.out()).path("runs")).isEmpty();
        }
    }

    private static void assertSameAsOneByOne(Path model, List<Document> documents, EvaluationSummary.Task task) {
        try (LanguageModel likelihood = LanguageModel.load(model, "cpu", "fp32");
                TextTokenizer tokenizer = TextTokenizer.load(model)) {
            DocumentLikelihoods one = new DocumentLikelihoods(likelihood, tokenizer.endOfText(), 1, 0);
            for (Document document : documents) {
                Likelihood alone =
                        one.score(List.of(tokenizer.encode(document.getText()))).get(0);
                EvaluationRow row = task.rows().get(document.getId());
                assertThat(row.getTokens()).isEqualTo(alone.tokens());
                assertThat(row.getNats() / alone.nats()).isCloseTo(1, within(1e-5));
            }
        }
    }

    private Path model(List<Document> documents) throws Exception {
        Path model = Files.createDirectories(folder.resolve("model"));
        ModelPreset preset = ModelPreset.named("tiny");
        try (TrainingSession session = TrainingSession.start(preset.config(512), preset.recipe(10, 2), 1, "cpu")) {
            session.writeModel(model);
        }
        BytePairTrainer.train(
                documents.stream().map(Document::getText).iterator(), 512, model.resolve("tokenizer.json"));
        return model;
    }

    @Test
    void refusesInvalidOptions() {
        for (List<String> arguments : List.of(
                List.of("--device", "gpu"),
                List.of("--device", "cuda"),
                List.of("--dtype", "fp16"),
                List.of("--once", "control", "--until-caught-up"),
                List.of("--model", "folder"),
                List.of("--step", "7"),
                List.of("--step", "7", "--once", "control"),
                List.of("--step", "last", "--once", "control", "--gauntlet", "."),
                List.of("--step", "all", "--once", "control", "--gauntlet", ".", "--model", "folder"),
                List.of("--profile", "core-v2"),
                List.of("--limit", "0", "--gauntlet", "."),
                List.of("--max-rows-per-domain", "0"),
                List.of("--max-windows", "-1"),
                List.of("--max-windows", "some"),
                List.of("--nonsense"))) {
            assertThat(run(arguments).code()).as("%s", arguments).isEqualTo(2);
        }
    }

    @Test
    void distinguishesInvalidSettingsFromFailures() throws Exception {
        assertThat(run(List.of("--set", "eval.batch.tokens=0")).thrown())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("eval.batch.tokens");
        // Bound, so that no broker takes the port, but not listening.
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress("localhost", 0));
            int free = bound.getLocalPort();
            Outcome outcome = run(
                    List.of("--bootstrap-servers", "localhost:" + free),
                    "--until-caught-up",
                    "--set",
                    "kafka.default.api.timeout.ms=300",
                    "--set",
                    "kafka.request.timeout.ms=200");
            assertThat(outcome.thrown())
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("no Kafka broker answers at localhost:" + free);
        }
    }

    private static Outcome run(List<String> first, String... more) {
        StringWriter out = new StringWriter();
        Exception[] thrown = new Exception[1];
        CommandLine line = new CommandLine(new EvalCommand());
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(new StringWriter()));
        line.setExecutionExceptionHandler((e, command, result) -> {
            thrown[0] = e;
            return 1;
        });
        int code = line.execute(Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new));
        return new Outcome(code, out.toString(), thrown[0]);
    }
}

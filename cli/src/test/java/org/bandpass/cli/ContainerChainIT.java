package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;

/** The chain in containers: every program in the one image, against a broker that is the same image. */
@Tag("docker")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf(value = "anEngineAnswers", disabledReason = "no Docker engine answers here")
class ContainerChainIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROOT = Path.of(System.getProperty("bandpass.root", ".."));
    private static final String IMAGE = "bandpass:container-chain-test";
    private static final int DOCUMENTS = 400;

    @TempDir
    private Path models;

    private Network network;

    static boolean anEngineAnswers() {
        boolean answers = DockerClientFactory.instance().isDockerAvailable();
        if (!answers) {
            System.err.println("ContainerChainIT is skipped: no Docker engine answers here");
        }
        return answers;
    }

    @BeforeAll
    void buildTheImage() throws IOException, InterruptedException {
        Process build = new ProcessBuilder("docker", "build", "-q", "-f", "docker/Dockerfile", "-t", IMAGE, ".")
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(build.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(build.waitFor(60, TimeUnit.MINUTES)).isTrue();
        assertThat(build.exitValue()).as(said).isZero();
        network = Network.newNetwork();
    }

    @AfterAll
    void close() {
        if (network != null) {
            network.close();
        }
    }

    @Test
    void runsFromDocumentsToEvaluations() throws IOException {
        // The image does not run as root, so the folder must be open to its user.
        assertThat(models.toFile().setWritable(true, false)).isTrue();
        assertThat(models.toFile().setExecutable(true, false)).isTrue();
        assertThat(models.toFile().setReadable(true, false)).isTrue();
        Files.writeString(models.resolve("input.jsonl"), documents());
        try (GenericContainer<?> broker = container(
                        "broker",
                        "--listen",
                        "0.0.0.0",
                        "--data",
                        "/var/lib/bandpass/data",
                        "--set",
                        "advertised.listeners=PLAINTEXT://broker:9092")
                .withNetworkAliases("broker")
                .waitingFor(Wait.forLogMessage(".*broker at .*", 1).withStartupTimeout(Duration.ofMinutes(10)))) {
            broker.start();
            JsonNode ingested = json("ingest", "--name", "chain", "--json", "/models/input.jsonl");
            assertThat(ingested.get("documents").asInt()).isEqualTo(DOCUMENTS);
            json("tokenizer", "--vocabulary", "400", "--out", "/models/tokenizer", "--json");
            train("reference", "--reference");
            JsonNode scored = json("score", "--model", "/models/runs/reference/model", "--until-caught-up", "--json");
            json("calibrate", "--until-caught-up", "--state-dir", "/var/lib/bandpass/state", "--json");
            json("cuts", "freeze", "--plan", "chain", "--bands", "low,high", "--rate", "0.5", "--json");
            json("select", "--plan", "chain", "--until-caught-up", "--state-dir", "/var/lib/bandpass/state", "--json");
            train("control", "--control");
            train("high", "--plan", "chain", "--band", "high");
            json("eval", "--until-caught-up", "--json");
            List<JsonNode> audit = lines("audit", "--plan", "chain", "--json");

            assertThat(audit).hasSize(2);
            for (JsonNode band : audit) {
                assertThat(band.get("documents").asInt())
                        .isEqualTo(scored.get("documents").asInt());
                assertThat(band.get("lost").asInt()).isZero();
                assertThat(band.get("doubled").asInt()).isZero();
            }
            assertThat(lines("lag", "--json"))
                    .hasSizeGreaterThan(5)
                    .allSatisfy(
                            follower -> assertThat(follower.get("lag").asLong()).isZero());
        }
    }

    private void train(String run, String... data) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("train", "--run", run));
        arguments.addAll(List.of(data));
        arguments.addAll(List.of(
                "--tokenizer",
                "/models/tokenizer",
                "--preset",
                "tiny",
                "--tokens",
                "8192",
                "--seed",
                "1",
                "--out",
                "/models/runs/" + run,
                "--json"));
        assertThat(json(arguments.toArray(String[]::new)).get("steps").asLong()).isPositive();
    }

    private static String documents() {
        String[] words =
                "the river ran under a stone bridge while seven people sang of bread and winter light".split(" ");
        StringBuilder lines = new StringBuilder();
        for (int d = 0; d < DOCUMENTS; d++) {
            StringBuilder text = new StringBuilder("document " + d + ":");
            for (int w = 0; w < 40 + d % 50; w++) {
                text.append(' ').append(words[(d * 7 + w * w + w * d) % words.length]);
            }
            lines.append("{\"text\": \"" + text + "\", \"domain\": \"" + (d % 2 == 0 ? "even" : "odd") + "\"}\n");
        }
        return lines.toString();
    }

    private JsonNode json(String... command) throws IOException {
        List<JsonNode> lines = lines(command);
        return lines.get(lines.size() - 1);
    }

    private List<JsonNode> lines(String... command) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(command[0].equals("cuts") ? 2 : 1, List.of("--bootstrap-servers", "broker:9092"));
        String stdout;
        ToStringConsumer stderr = new ToStringConsumer();
        try (GenericContainer<?> program = container(arguments.toArray(String[]::new))
                .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(Duration.ofMinutes(30)))) {
            program.withLogConsumer(frame -> {
                if (frame.getType() == OutputFrame.OutputType.STDERR) {
                    stderr.accept(frame);
                }
            });
            program.start();
            // The program has ended, but a log consumer may not have its last output yet.
            stdout = program.getLogs(OutputFrame.OutputType.STDOUT);
        } catch (RuntimeException e) {
            throw new AssertionError(String.join(" ", command) + ":\n" + stderr.toUtf8String(), e);
        }
        List<JsonNode> nodes = new ArrayList<>();
        JSON.readerFor(JsonNode.class).<JsonNode>readValues(stdout).forEachRemaining(nodes::add);
        return nodes;
    }

    private GenericContainer<?> container(String... command) {
        return new GenericContainer<>(IMAGE)
                .withImagePullPolicy(image -> false)
                .withNetwork(network)
                .withFileSystemBind(models.toString(), "/models", BindMode.READ_WRITE)
                .withCommand(command);
    }
}

package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The Helm chart, linted and rendered by Helm itself; the programs' own commands parse the arguments of the pods. */
class HelmChartTest {

    private static final Path CHART = Path.of(System.getProperty("bandpass.root", ".."), "helm", "bandpass");
    private static final String EVERYTHING = """
            kafka: {bootstrapServers: "kafka-0:9092,kafka-1:9092", existingSecret: kafka-login}
            settings: {scorer.flight.max.tokens: 65536, kafka.security.protocol: SASL_SSL}
            models: {existingClaim: models}
            ingest: {enabled: true, files: [/input/a.jsonl.gz, "https://example.org/b.jsonl"], existingClaim: crawl}
            tokenizer: {enabled: true}
            routers: [{plan: high-50}, {plan: "Low.25_b", replicas: 3}]
            trainings:
              - {run: reference, reference: true, preset: tiny, tokens: 26000000000}
              - {run: control, control: true, tokens: 26000000000}
              - {run: high, plan: high-50, band: high, tokens: 26000000000, device: "cuda:0", seed: 42}
            """;

    @TempDir
    static Path folder;

    private static List<JsonNode> objects;

    @BeforeAll
    static void render() throws IOException {
        objects = parsed(template(chartWithoutHooks(), EVERYTHING).call());
    }

    /** Makes a copy of the chart in which hooks are ordinary objects: helm-java renders no hooks. */
    private static Path chartWithoutHooks() throws IOException {
        Path copy = folder.resolve("chart");
        try (Stream<Path> files = Files.walk(CHART)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(CHART.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.writeString(target, Files.readString(file).replaceAll("helm\\.sh/hook", "was-hook"));
            }
        }
        return copy;
    }

    @Test
    void passesTheLintOfHelm() {
        LintResult lint = new Helm(CHART).lint().call();
        assertThat(lint.isFailed()).as(String.join("; ", lint.getMessages())).isFalse();
        assertThat(lint.getMessages())
                .noneMatch(message -> message.contains("[WARNING]") || message.contains("[ERROR]"));
    }

    @Test
    void rendersAProgramPerObject() {
        assertThat(names("Deployment"))
                .containsExactlyInAnyOrder(
                        "shop-bandpass-scorer",
                        "shop-bandpass-calibrator",
                        "shop-bandpass-router-high-50",
                        "shop-bandpass-router-low-25-b",
                        "shop-bandpass-eval");
        assertThat(names("Job")).hasSize(6).allMatch(name -> name.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"));
        assertThat(names("ConfigMap")).containsExactlyInAnyOrder("shop-bandpass-settings", "shop-bandpass-topics");
    }

    @Test
    void givesEachProgramArgumentsThatItParses() {
        List<List<String>> calls = new ArrayList<>();
        pods().forEach(pod -> pod.get("spec").get("containers").forEach(container -> calls.add(args(container))));
        assertThat(calls).hasSize(11);
        assertThat(calls.stream().map(call -> call.get(0)))
                .contains("topics", "ingest", "tokenizer", "score", "calibrate", "select", "train", "eval");
        for (List<String> call : calls) {
            assertThatCode(() -> Bandpass.commandLine().parseArgs(call.toArray(String[]::new)))
                    .as("bandpass " + String.join(" ", call))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void noticesAnOptionThatNoProgramHas() {
        assertThatThrownBy(() -> Bandpass.commandLine().parseArgs("score", "--no-such-option"))
                .isInstanceOf(CommandLine.ParameterException.class);
    }

    @Test
    void writesWholeNumbersAsSuch() {
        List<String> control = call("trainer-control");
        assertThat(control.get(control.indexOf("--tokens") + 1)).isEqualTo("26000000000");
        List<String> high = call("trainer-high");
        assertThat(high)
                .containsSubsequence("--plan", "high-50", "--band", "high")
                .contains("cuda:0", "42");
        assertThat(high).doesNotContain("--control", "--reference");
    }

    @Test
    void putsSettingsInAFileThatAllProgramsRead() throws IOException {
        JsonNode map = objects.stream()
                .filter(object -> object.get("metadata").get("name").asText().equals("shop-bandpass-settings"))
                .findFirst()
                .orElseThrow();
        Properties properties = new Properties();
        properties.load(
                new StringReader(map.get("data").get("bandpass.properties").asText()));
        assertThat(properties)
                .containsEntry("topic.prefix", "bandpass.")
                .containsEntry("topic.partitions", "48")
                .containsEntry("scorer.flight.max.tokens", "65536")
                .containsEntry("kafka.security.protocol", "SASL_SSL");
        pods().forEach(pod -> assertThat(args(pod.get("spec").get("containers").get(0)))
                .containsSubsequence("--config", "/etc/bandpass/bandpass.properties"));
    }

    @Test
    void runsNobodyAsRoot() {
        pods().forEach(pod -> {
            JsonNode spec = pod.get("spec");
            assertThat(spec.get("securityContext").get("runAsNonRoot").asBoolean())
                    .isTrue();
            assertThat(spec.get("automountServiceAccountToken").asBoolean()).isFalse();
            JsonNode container = spec.get("containers").get(0);
            assertThat(container
                            .get("securityContext")
                            .get("allowPrivilegeEscalation")
                            .asBoolean())
                    .isFalse();
            assertThat(container
                            .get("securityContext")
                            .get("readOnlyRootFilesystem")
                            .asBoolean())
                    .isTrue();
            assertThat(container.get("resources").get("requests")).isNotEmpty();
        });
    }

    @Test
    void labelsEverythingAndSelectsEachProgramByItself() {
        assertThat(objects).allSatisfy(object -> {
            JsonNode labels = object.get("metadata").get("labels");
            for (String label : List.of("name", "instance", "component", "version", "part-of", "managed-by")) {
                assertThat(labels.get("app.kubernetes.io/" + label).asText()).isNotEmpty();
            }
        });
        List<String> selectors = new ArrayList<>();
        for (JsonNode object : objects) {
            if (object.get("kind").asText().equals("Deployment")) {
                JsonNode selector = object.get("spec").get("selector").get("matchLabels");
                selectors.add(selector.toString());
                selector.properties()
                        .forEach(label -> assertThat(object.get("spec")
                                        .get("template")
                                        .get("metadata")
                                        .get("labels")
                                        .get(label.getKey()))
                                .isEqualTo(label.getValue()));
            }
        }
        assertThat(selectors).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void createsTopicsBeforeAnythingElse() {
        JsonNode job = objects.stream()
                .filter(object -> object.get("kind").asText().equals("Job"))
                .filter(object -> object.get("metadata").get("name").asText().equals("shop-bandpass-topics"))
                .findFirst()
                .orElseThrow();
        assertThat(job.get("metadata").get("annotations").get("was-hook").asText())
                .contains("pre-install");
    }

    @Test
    void ingestsOnAScheduleWithoutOverlap() throws IOException {
        List<JsonNode> scheduled = parsed(
                template(EVERYTHING).set("ingest.schedule", "*/10 * * * *").call());
        JsonNode cron = scheduled.stream()
                .filter(object -> object.get("kind").asText().equals("CronJob"))
                .findFirst()
                .orElseThrow();
        assertThat(cron.get("spec").get("schedule").asText()).isEqualTo("*/10 * * * *");
        assertThat(cron.get("spec").get("concurrencyPolicy").asText()).isEqualTo("Forbid");
    }

    @Test
    void refusesUnknownAndMissingValues() {
        assertThatThrownBy(() -> template(EVERYTHING).set("scorer.replcas", 2).call())
                .hasMessageContaining("replcas");
        assertThatThrownBy(() -> template("ingest: {enabled: false}\n").call())
                .hasMessageContaining("bootstrapServers");
        assertThatThrownBy(() ->
                        template(EVERYTHING.replace("control: true, ", "")).call())
                .hasMessageContaining("trainings");
    }

    @Test
    void rendersAProgramEach() {
        String rendered = new Helm(CHART)
                .template()
                .withName("crawl")
                .set("kafka.bootstrapServers", "kafka:9092")
                .set("jobs.keepExisting", false)
                .set("models.existingClaim", "models")
                .set("ingest.enabled", true)
                .set("ingest.files[0]", "/input/a.jsonl.gz")
                .set("tokenizer.enabled", true)
                .set("routers[0].plan", "high-50")
                .set("trainings[0].run", "control")
                .set("trainings[0].control", true)
                .set("trainings[0].tokens", "26000000000")
                .call();

        assertThat(rendered.split("(?m)^kind: (Deployment|Job)$", -1))
                .as("ingest, tokenizer, scorer, calibrator, router, trainer, eval; the hook that makes topics"
                        + " comes apart")
                .hasSize(1 + 7);
        for (String program : new String[] {"ingest", "tokenizer", "score", "calibrate", "select", "train", "eval"}) {
            assertThat(rendered).containsPattern("args:\\s+- " + program + "\\s");
        }
        assertThat(rendered)
                .contains("\"26000000000\"")
                .contains("runAsNonRoot: true")
                .doesNotContain("2.6e+10");
    }

    @Test
    void followsFoldersInADeployment() {
        String rendered = new Helm(CHART)
                .template()
                .withName("crawl")
                .set("kafka.bootstrapServers", "kafka:9092")
                .set("ingest.enabled", true)
                .set("ingest.follow[0]", "/input/new")
                .call();

        assertThat(rendered)
                .containsPattern("- --follow\\s+- /input/new\\s")
                .contains("strategy: {type: Recreate}")
                .doesNotContain("restartPolicy: OnFailure");
        assertThat(rendered.split("(?m)^kind: Deployment$", -1))
                .as("ingest, scorer, calibrator, eval")
                .hasSize(1 + 4);
    }

    @Test
    void refusesToRenderWithoutABroker() {
        assertThatThrownBy(() -> new Helm(CHART).template().withName("crawl").call())
                .hasMessageContaining("bootstrapServers");
    }

    private static TemplateCommand template(String values) throws IOException {
        return template(CHART, values);
    }

    private static TemplateCommand template(Path chart, String values) throws IOException {
        Path file = Files.createTempFile(folder, "values", ".yaml");
        Files.writeString(file, values);
        // helm-java contacts the cluster even if it only renders.
        return new Helm(chart)
                .template()
                .withName("shop")
                .withNamespace("data")
                .withValuesFile(file)
                .set("jobs.keepExisting", false);
    }

    private static List<JsonNode> parsed(String manifest) throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        List<JsonNode> found = new ArrayList<>();
        yaml.readerFor(JsonNode.class).<JsonNode>readValues(manifest).forEachRemaining(node -> {
            if (node.isObject()) {
                found.add(node);
            }
        });
        return found;
    }

    private static List<String> names(String kind) {
        return objects.stream()
                .filter(object -> object.get("kind").asText().equals(kind))
                .map(object -> object.get("metadata").get("name").asText())
                .toList();
    }

    private static List<JsonNode> pods() {
        return objects.stream()
                .filter(object -> object.path("spec").has("template"))
                .map(object -> object.get("spec").get("template"))
                .toList();
    }

    private static List<String> call(String component) {
        return pods().stream()
                .map(pod -> pod.get("spec").get("containers").get(0))
                .filter(container -> container.get("name").asText().equals(component))
                .map(HelmChartTest::args)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> args(JsonNode container) {
        List<String> args = new ArrayList<>();
        container.get("args").forEach(arg -> {
            assertThat(arg.isTextual()).as("args must be strings: " + arg).isTrue();
            args.add(arg.asText());
        });
        return args;
    }
}

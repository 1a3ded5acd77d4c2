package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.eval.report.TerminalTable;
import org.bandpass.eval.results.BandResult;
import org.bandpass.eval.results.Results;
import org.bandpass.eval.results.ResultsReader;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ClusterOptions;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Reports on invented experiments in a real broker. */
class ReportCommandTest {

    private static final int DOCUMENTS = 3000;
    private static final Path ROOT = Path.of(System.getProperty("bandpass.root", ".."));

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static ReportedExperiment experiment;
    private static String table;
    private static JsonNode results;
    private static String page;

    @BeforeAll
    static void report() throws IOException {
        broker = EmbeddedBroker.start();
        experiment = new ReportedExperiment(broker, Topics.withPrefix(Topics.DEFAULT_PREFIX));
        experiment.write(DOCUMENTS);
        ReportedExperiment.fileStages(folder);
        table = execute("--out", folder.toString());
        results = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
        page = Files.readString(folder.resolve("report.html"));
        keep();
    }

    /** Keeps the page in a folder for people who change it: -Dreport.keep=DIR. */
    private static void keep() throws IOException {
        String wanted = System.getProperty("report.keep");
        if (wanted != null) {
            Path kept = Files.createDirectories(Path.of(wanted));
            Files.writeString(kept.resolve("report.html"), page);
            Files.writeString(kept.resolve("results.json"), results.toPrettyString());
            Files.writeString(kept.resolve("table.txt"), table);
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void countsOfDocumentsAddUp() {
        JsonNode documents = results.get("documents");
        assertThat(documents.get("read").asLong())
                .isEqualTo(documents.get("ingested").asLong()
                        + documents.get("rejected").asLong());
        assertThat(documents.get("ingested").asLong())
                .isEqualTo(documents.get("reference").asLong()
                        + documents.get("heldOut").asLong()
                        + documents.get("scored").asLong()
                        + documents.get("deadLetters").asLong());
        assertThat(documents.get("scored").asInt()).isEqualTo(DOCUMENTS);
        assertThat(documents.get("deadLetters").asInt()).isEqualTo(3);
    }

    @Test
    void bandsHaveTheContentsOfTheirTopics() {
        for (String name : ReportedExperiment.BANDS) {
            JsonNode band = results.get("bands").get(name);
            List<ScoredDocument> inside = experiment.bands.get(name);
            assertThat(band.get("documents").asInt()).isEqualTo(inside.size());
            assertThat(band.get("tokens").asLong())
                    .isEqualTo(inside.stream()
                            .mapToLong(d -> d.getScore().getTokens())
                            .sum());
            assertThat(band.get("fraction").asDouble()).isEqualTo(inside.size() / (double) DOCUMENTS);
            assertThat(band.get("exactFraction").asDouble()).isCloseTo(0.5, within(1.0 / DOCUMENTS));
            long byDomain = 0;
            for (JsonNode domain : band.get("byDomain")) {
                byDomain += domain.get("bytes").asLong();
            }
            assertThat(byDomain).isEqualTo(band.get("bytes").asLong()).isPositive();
        }
    }

    @Test
    void quantilesAreThoseOfTheExactSort() {
        double[] sorted = experiment.scored.stream()
                .mapToDouble(ReportedExperiment::meanNll)
                .sorted()
                .toArray();
        JsonNode quantiles = results.get("cuts").get("quantiles");
        for (String rank : List.of("0.125", "0.25", "0.375", "0.5", "0.625", "0.75", "0.875")) {
            int exact = (int) (Double.parseDouble(rank) * DOCUMENTS);
            assertThat(quantiles.get(rank).asDouble()).isBetween(sorted[exact - 3], sorted[exact + 3]);
        }
        JsonNode medium = results.get("bands").get("medium");
        assertThat(medium.get("nllFrom").asDouble())
                .isEqualTo(quantiles.get("0.25").asDouble());
        assertThat(medium.get("nllTo").asDouble())
                .isEqualTo(quantiles.get("0.75").asDouble());
        assertThat(results.get("bands").get("high").get("nllTo").asDouble()).isEqualTo(sorted[DOCUMENTS - 1]);
    }

    @Test
    void runsHoldTheControlAndTheBandsAndNothingElse() {
        assertThat(names(results.get("runs"))).containsExactlyInAnyOrder("control", "low", "medium", "high");
        assertThat(results.get("reference").get("trainLoss")).hasSizeGreaterThanOrEqualTo(10);
        assertThat(results.get("reference").get("heldOut").get("bitsPerByte").asDouble())
                .isPositive();
        for (JsonNode run : results.get("runs")) {
            assertThat(run.get("trainLoss")).hasSizeGreaterThanOrEqualTo(10);
            assertThat(run.get("heldOut").get("byDomain")).hasSize(15);
            assertThat(run.get("eval").get("tasks").get("cloze").get("rows").asInt())
                    .isEqualTo(250);
        }
        JsonNode control = results.get("runs").get("control");
        assertThat(control.get("band").isNull()).isTrue();
        assertThat(control.get("eval")
                        .get("tasks")
                        .get("cloze")
                        .get("difference")
                        .isNull())
                .isTrue();
    }

    @Test
    void figuresAreThoseOfTheFirstSeedAndTheSpreadThatOfAllSeeds() {
        JsonNode low = results.get("runs").get("low");
        assertThat(low.get("runId").asText()).isEqualTo("low");
        assertThat(low.get("seeds")).hasSize(2);
        JsonNode spread = low.get("spread").get("tasks").get("cloze");
        assertThat(spread.get("seeds").asInt()).isEqualTo(2);
        assertThat(spread.get("difference").isNumber()).isTrue();
        assertThat(results.get("runs")
                        .get("control")
                        .get("spread")
                        .get("heldOut")
                        .get("difference")
                        .isNull())
                .isTrue();
        assertThat(results.get("runs").get("high").get("spread").isNull()).isTrue();
        assertThat(table).contains("the noise of 2 seeds").contains("There is no finished run of high of seed 18");
    }

    @Test
    void comparesScoresOfOtherHarnessesWithTheControls() {
        JsonNode score = results.get("runs").get("high").get("imported").get(0);
        assertThat(score.get("value").asDouble()).isEqualTo(0.34);
        assertThat(score.get("difference").asDouble()).isCloseTo(0.03, within(1e-12));
        assertThat(score.get("differenceStandardError").asDouble()).isCloseTo(0.0095 * Math.sqrt(2), within(1e-12));
        assertThat(results.get("runs").get("low").get("imported")).isEmpty();
        assertThat(page).contains("arc_easy/0-shot").contains("0.3400 ± 0.0095 (+0.0300 ± 0.0134)");
    }

    @Test
    void differencesToTheControlArePairedByRow() {
        JsonNode control =
                results.get("runs").get("control").get("eval").get("tasks").get("cloze");
        JsonNode high = results.get("runs").get("high").get("eval").get("tasks").get("cloze");
        double difference = high.get("difference").asDouble();
        assertThat(difference)
                .isCloseTo(
                        high.get("accuracy").asDouble()
                                - control.get("accuracy").asDouble(),
                        within(1e-9));
        double unpaired = Math.hypot(
                high.get("standardError").asDouble(),
                control.get("standardError").asDouble());
        assertThat(high.get("differenceStandardError").asDouble()).isPositive().isLessThan(unpaired);
    }

    @Test
    void takesTimingAndAuditFromTheStages() {
        JsonNode timing = results.get("timing");
        assertThat(timing.get("ingest").get("documentsPerSecond").asDouble()).isEqualTo(320);
        assertThat(timing.get("score").get("paddingFraction").asDouble()).isEqualTo(0.0312);
        assertThat(timing.get("score").get("maxWindows").asInt()).isEqualTo(4);
        assertThat(timing.get("score").get("documentsCapped").asInt()).isEqualTo(DOCUMENTS / 50);
        assertThat(names(timing).subList(0, 4)).containsExactly("ingest", "tokenizer", "train-reference", "score");
        assertThat(results.get("audit")).hasSize(3);
    }

    @Test
    void provenanceIsThatOfTheRunsNotOfTheReport() {
        JsonNode provenance = results.get("provenance");
        assertThat(provenance.get("revision").asText()).isEqualTo("c0ffee");
        assertThat(provenance.get("version").asText()).isEqualTo("0.1.0");
        assertThat(provenance.get("java").asText()).isEqualTo("21.0.9");
        assertThat(provenance.get("kafka").asText()).isEqualTo("4.3.0");
        assertThat(provenance.get("settings").get("document.max.bytes").asText())
                .isEqualTo("4096");
        assertThat(provenance.get("settings").get("run.rate").asText()).isEqualTo("0.5");
        assertThat(provenance.get("settings").has("topic.prefix")).isFalse();
        assertThat(page).contains("on 64 | 8 processors").contains("0.1.0, revision c0ffee");
    }

    @Test
    void documentsEveryFieldAndNoOther() throws IOException {
        Set<String> written = new TreeSet<>();
        collect(results, "", written);
        Set<String> documented = new TreeSet<>();
        Matcher field = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(ROOT.resolve("docs").resolve("results.md")));
        while (field.find()) {
            documented.add(field.group(1));
        }
        assertThat(documented).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void holdsNoNumberThatJsonDoesNotHave() throws IOException {
        String text = Files.readString(folder.resolve("results.json"));
        assertThat(text).doesNotContain("NaN").doesNotContain("Infinity");
    }

    @Test
    void writesTheSameAgain(@TempDir Path other) throws IOException {
        ReportedExperiment.fileStages(other);
        String printed = execute("--out", other.toString(), "--json");
        assertThat(other.resolve("results.json")).hasSameTextualContentAs(folder.resolve("results.json"));
        assertThat(other.resolve("report.html")).hasSameTextualContentAs(folder.resolve("report.html"));
        assertThat(printed).isEqualTo(Files.readString(folder.resolve("results.json")));
    }

    @Test
    void writesTheMixtureAndTheScoresAsTables(@TempDir Path other) throws IOException {
        execute("--out", other.toString(), "--mixture");

        List<String> mixture = Files.readAllLines(other.resolve("mixture.csv"));
        List<String> scores = Files.readAllLines(other.resolve("scores.csv"));
        assertThat(mixture).hasSize(5);
        assertThat(mixture.get(0)).startsWith("run,").contains(",ArXiv,");
        assertThat(mixture).map(line -> line.split(",")[0]).containsExactly("run", "control", "low", "medium", "high");
        assertThat(scores).map(line -> line.split(",")[0]).containsExactly("run", "control", "low", "medium", "high");
        for (String row : mixture.subList(1, 5)) {
            double sum = 0;
            for (String share : row.substring(row.indexOf(',') + 1).split(",")) {
                sum += Double.parseDouble(share);
            }
            assertThat(sum).isCloseTo(1, within(1e-9));
        }
        assertThat(scores.get(0))
                .contains("run,held-out,held-out/")
                .contains(",cloze,average,\"lm-eval/arc_easy/0-shot/acc,none\"");
        assertThat(scores.get(2)).endsWith(",");
        assertThat(scores.get(4)).endsWith(",0.34");
        double[] low = results.get("bands").get("low").get("byDomain").properties().stream()
                .mapToDouble(domain -> domain.getValue().get("tokens").asDouble())
                .toArray();
        double first = results.get("bands")
                .get("low")
                .get("byDomain")
                .get("Pile-CC")
                .get("tokens")
                .asDouble();
        int column = List.of(mixture.get(0).split(",")).indexOf("Pile-CC");
        assertThat(Double.parseDouble(mixture.get(2).split(",")[column]))
                .isCloseTo(first / java.util.Arrays.stream(low).sum(), within(1e-9));
    }

    @Test
    void pageNeedsNoNetwork() {
        assertThat(page).doesNotContain("<script").doesNotContain("<link").doesNotContain("src=");
        assertThat(page).doesNotContain("url(").doesNotContain("@import");
        String addresses = page.replace("http://www.w3.org/2000/svg", "");
        assertThat(addresses).doesNotContain("http://").doesNotContain("https://");
    }

    @Test
    void pageShowsNamesOfDomainsAndNoText() {
        assertThat(page).contains("&lt;b&gt;USPTO &amp; Backgrounds&lt;/b&gt;").doesNotContain("<b>USPTO");
        assertThat(page).contains("NIH ExPorter").contains("75 %").contains("the noise of the questions; one seed");
        // A verdict needs more than one seed.
        assertThat(page).doesNotContain("better").doesNotContain("worse");
        assertThat(page).doesNotContain("secret text");
    }

    @Test
    void picturesAreReadable() {
        Matcher sizes = Pattern.compile("font-size: ([0-9.]+)px").matcher(page);
        assertThat(sizes.results().map(size -> Double.parseDouble(size.group(1))))
                .isNotEmpty()
                .allMatch(size -> size >= 12);
        assertThat(page.split("<svg ", -1)).hasSizeGreaterThanOrEqualTo(9);
        assertThat(page).doesNotContain("NaN").doesNotContain("Infinity");
    }

    @Test
    void printsATableForPeople() {
        assertThat(table.lines().toList().get(0)).contains("bits/byte").contains("cloze accuracy");
        assertThat(table).contains("all (control)").contains("high").contains("points");
        assertThat(table)
                .contains("against the control")
                .contains("the noise of the held-out documents; one seed")
                .doesNotContain("better")
                .doesNotContain("worse");
        assertThat(table).contains("train-control").contains("together");
    }

    @Test
    void listsThePlansWhereTheNamedOneIsMissing(@TempDir Path other) {
        assertThatThrownBy(() -> call("--out", other.toString(), "--plan", "nope"))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("'nope'")
                .hasMessageContaining("run");
    }

    @Test
    void reportsWithoutTrainingsAndStages(@TempDir Path other) throws IOException {
        Topics topics = Topics.withPrefix("early.");
        ReportedExperiment early = new ReportedExperiment(broker, topics);
        early.writePlan(40);

        String printed = execute("--out", other.toString(), "-s", "topic.prefix=early.");

        JsonNode json =
                new ObjectMapper().readTree(other.resolve("results.json").toFile());
        assertThat(json.get("reference").isNull()).isTrue();
        assertThat(json.get("runs")).isEmpty();
        assertThat(json.get("audit")).isEmpty();
        assertThat(json.get("provenance").get("revision").isNull()).isTrue();
        assertThat(json.get("timing").get("score").get("seconds").isNull()).isTrue();
        assertThat(json.get("bands").get("low").get("documents").asInt()).isEqualTo(20);
        assertThat(printed).contains("no control run").contains("No model was trained on the band low");
        assertThat(Files.readString(other.resolve("report.html"))).contains("no control run");
    }

    @Test
    void estimatesLargeTopicsFromASample(@TempDir Path other) {
        ClusterOptions cluster = new ClusterOptions();
        new CommandLine(new SampledReport(cluster)).parseArgs("--bootstrap-servers", broker.bootstrapServers());
        Results sampled;
        try (ResultsReader reader = new ResultsReader(cluster.settings(new ConfigDef()), 600)) {
            sampled = reader.read("run", other);
        }

        assertThat(sampled.documents().sampled()).isBetween(500, 800);
        // The estimate includes the record that is not a document.
        assertThat(sampled.population().count()).isCloseTo(DOCUMENTS, withinPercentage(1));
        assertThat(sampled.documents().deadLetters()).isEqualTo(3);
        for (BandResult band : sampled.bands()) {
            assertThat(band.amount().documents()).isCloseTo(DOCUMENTS / 2, withinPercentage(1));
            assertThat(band.exactFraction()).isCloseTo(0.5, within(0.01));
            assertThat(band.amount().tokens())
                    .isCloseTo(
                            results.get("bands").get(band.name()).get("tokens").asLong(), withinPercentage(10));
        }
        StringWriter printed = new StringWriter();
        TerminalTable.print(sampled, new PrintWriter(printed));
        assertThat(printed.toString()).contains("estimates from a sample of").doesNotContain("not scored yet");
    }

    /** Has the options of a command that talks to a cluster. */
    private record SampledReport(@Mixin ClusterOptions cluster) {}

    @Test
    void refusesASummaryThatIsNotJson(@TempDir Path other) throws IOException {
        Path stages = Files.createDirectories(other.resolve("stages"));
        Files.writeString(stages.resolve("score.json"), "{\"seconds\": oops");
        assertThatThrownBy(() -> call("--out", other.toString()))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("score.json")
                .hasMessageContaining("not JSON");
    }

    /** Adds each field's path, with keys that depend on the data in angle brackets. */
    private static void collect(JsonNode node, String path, Set<String> paths) {
        if (node.isObject()) {
            node.properties().forEach(field -> collect(field.getValue(), join(path, field.getKey()), paths));
        } else if (node.isArray() && !node.isEmpty() && node.get(0).isObject()) {
            node.forEach(entry -> collect(entry, path + "[]", paths));
        } else if (path.startsWith("reference.")) {
            paths.add(path.replace("reference.", "runs.<run>."));
        } else {
            paths.add(path);
        }
    }

    private static String join(String path, String key) {
        boolean ownFields = path.equals("timing.score") || (path.equals("timing") && key.equals("score"));
        return switch (path) {
            case "" -> key;
            case "bands" -> path + ".<band>";
            case "runs" -> path + ".<run>";
            case "cuts.quantiles" -> path + ".<rank>";
            case "documents.rejectedByReason" -> path + ".<reason>";
            case "provenance.settings" -> path + ".<key>";
            case "provenance.schemas" -> path + ".<record>";
            case "timing" -> path + (ownFields ? ".score" : ".<stage>");
            case "timing.score" ->
                (key.endsWith("econds") || key.endsWith("PerSecond") ? "timing.<stage>." : path + ".") + key;
            default ->
                path.endsWith("byDomain") || path.endsWith("leftOut")
                        ? path + ".<domain>"
                        : path.endsWith(".tasks")
                                ? path + ".<task>"
                                : path.endsWith("eval.categories") ? path + ".<category>" : path + "." + key;
        };
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String execute(String... options) {
        StringWriter out = new StringWriter();
        CommandLine line = line(out);
        assertThat(line.execute(arguments(options))).isZero();
        return out.toString();
    }

    /** Calls the command and throws what it throws. */
    private static void call(String... options) {
        CommandLine line = line(new StringWriter());
        ReportCommand command = line.getCommand();
        line.parseArgs(arguments(options));
        command.call();
    }

    private static CommandLine line(StringWriter out) {
        return new CommandLine(new ReportCommand()).setOut(new PrintWriter(out));
    }

    private static String[] arguments(String... options) {
        List<String> arguments = new ArrayList<>(List.of("--bootstrap-servers", broker.bootstrapServers()));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }
}

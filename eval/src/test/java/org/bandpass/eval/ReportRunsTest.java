package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.util.Map;
import org.assertj.core.data.Offset;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.OffsetRange;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Compares invented runs in a real broker; every number is worked out by hand. */
class ReportRunsTest {

    private static final Offset<Double> EXACT = within(1e-12);

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static String table;
    private static JsonNode json;
    private static String page;

    @BeforeAll
    static void report() throws IOException {
        broker = EmbeddedBroker.start();
        Topics topics = Topics.withPrefix(Topics.DEFAULT_PREFIX);
        ReportedRuns runs = new ReportedRuns(broker, topics);
        runs.documents(topics.scoredDocuments(), Map.of("web", 6), 100);
        runs.documents(topics.scoredDocuments(), Map.of("code", 2), 300);
        runs.documents(topics.band("run", "high"), Map.of("code", 3), 300);
        runs.run("everything", RunRole.CONTROL, 500_000, List.of());
        // The third document of the band came after the training.
        runs.run("high", RunRole.BAND, 400_000, List.of(new OffsetRange(0, 0L, 2L, 2L)));
        tasks(runs, "everything", 200, 8, 1, 22);
        tasks(runs, "high", 50, 5, 1, 20);
        tasks(runs, "high", 100, 8, 2, 22);
        tasks(runs, "high", 200, 11, 2, 20);
        runs.heldOut("everything", 30, 10);
        runs.heldOut("high", 25, 25);
        runs.cloze("everything", 6, 10);
        runs.cloze("high", 8, 10);
        runs.imported("everything", 0.5, 0.03);
        runs.imported("high", 0.52, 0.04);
        runs.task("folder", 0, "stars/0-shot", 10, 20);
        runs.task("folder", 0, "stories/0-shot", 3, 4, 40);
        Files.writeString(folder.resolve("tiny.json"), ReportedRuns.PROFILE);
        table = execute("high", "--profile", folder.resolve("tiny.json").toString(), "--out", folder.toString());
        json = new ObjectMapper().readTree(folder.resolve("runs.json").toFile());
        page = Files.readString(folder.resolve("runs.html"));
        keep();
    }

    private static void tasks(ReportedRuns runs, String run, long step, int stars, int rivers, int stories) {
        runs.task(run, step, "stars/0-shot", stars, 20);
        runs.task(run, step, "rivers/1-shot", rivers, 10);
        runs.task(run, step, "stories/0-shot", stories, 40);
    }

    /** Keeps the page in a folder for people who change it: -Dreport.keep=DIR. */
    private static void keep() throws IOException {
        String wanted = System.getProperty("report.keep");
        if (wanted != null) {
            Path kept = Files.createDirectories(Path.of(wanted));
            Files.writeString(kept.resolve("runs.html"), page);
            Files.writeString(kept.resolve("runs.json"), json.toPrettyString());
            Files.writeString(kept.resolve("runs.txt"), table);
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static JsonNode scores(String run) {
        return json.at("/profiles/0/runs/" + run);
    }

    @Test
    void averagesCategoriesOfNormalisedScores() {
        // stars: (0.4 − 0.25) / 0.75 = 0.2; rivers: 0.1; stories: (0.55 − 0.5) / 0.5 = 0.1
        JsonNode control = scores("everything");
        assertThat(control.at("/categories/world_knowledge/score").asDouble()).isCloseTo(0.15, EXACT);
        assertThat(control.at("/categories/reading_comprehension/score").asDouble())
                .isCloseTo(0.1, EXACT);
        assertThat(control.at("/average/score").asDouble()).isCloseTo(0.125, EXACT);
        assertThat(control.at("/average/difference").isNull()).isTrue();
        double stars = Math.sqrt(0.4 * 0.6 / 19) / 0.75;
        double rivers = Math.sqrt(0.1 * 0.9 / 9);
        assertThat(control.at("/categories/world_knowledge/standardError").asDouble())
                .isCloseTo(Math.hypot(stars, rivers) / 2, EXACT);
        assertThat(scores("high").at("/average/score").asDouble()).isCloseTo(0.15, EXACT);
        assertThat(scores("high").at("/step").asInt()).isEqualTo(200);
    }

    @Test
    void differencesToTheControlArePairedByRow() {
        JsonNode high = scores("high");
        assertThat(high.at("/tasks/stars~10-shot/difference/difference").asDouble())
                .isCloseTo(0.2, EXACT);
        assertThat(high.at("/tasks/stars~10-shot/difference/rows").asInt()).isEqualTo(20);
        assertThat(high.at("/average/difference/difference").asDouble()).isCloseTo(0.025, EXACT);
        assertThat(high.at("/average/difference/rows").asInt()).isEqualTo(70);
        // 3 of 20 rows differ: √(0.15 · 0.85 / 19) / 0.75, within the noise of 1,000 resamples.
        double paired = Math.sqrt(0.15 * 0.85 / 19) / 0.75;
        assertThat(high.at("/tasks/stars~10-shot/difference/standardError").asDouble())
                .isCloseTo(paired, within(0.1 * paired));
    }

    @Test
    void tellsWhenARunWasAsGoodAsTheControl() {
        // Averages of high: 0.025 at step 50, 0.15 at step 100; the control ends at 0.125.
        JsonNode high = scores("high");
        assertThat(high.get("checkpoints")).hasSize(3);
        assertThat(high.at("/checkpoints/0/score").asDouble()).isCloseTo(0.025, EXACT);
        assertThat(high.at("/checkpoints/0/tokens").asLong()).isEqualTo(100_000);
        assertThat(high.at("/reachedControl/step").asInt()).isEqualTo(100);
        assertThat(high.at("/reachedControl/stepBelow").asInt()).isEqualTo(50);
        assertThat(high.at("/reachedControl/ratio").asDouble()).isCloseTo(2.5, EXACT);
        assertThat(page)
                .contains("Score over training tokens")
                .contains("2.50 ×")
                .contains("control at its end");
    }

    @Test
    void showsPerplexityClozeAndTheirDifferences() {
        JsonNode high = json.at("/runs/high");
        assertThat(json.at("/runs/everything/heldOut/perplexity").asDouble()).isCloseTo(Math.exp(2), EXACT);
        assertThat(high.at("/heldOut/perplexity").asDouble()).isCloseTo(Math.exp(2.5), within(1e-9));
        assertThat(high.at("/heldOut/difference").asDouble()).isCloseTo(10 / (80 * Math.log(2)), EXACT);
        assertThat(high.at("/cloze/difference").asDouble()).isCloseTo(0.2, EXACT);
        assertThat(page).contains("Test perplexity and downstream score").contains("12.18");
    }

    @Test
    void comparesScoresOfOtherHarnessesWithoutPairs() {
        JsonNode piqa = json.at("/runs/high/imported/0");
        assertThat(piqa.get("difference").asDouble()).isCloseTo(0.02, EXACT);
        assertThat(piqa.get("differenceStandardError").asDouble()).isCloseTo(0.05, EXACT);
        assertThat(page).contains("piqa/0-shot").contains("0.5200 ± 0.0400 (+0.0200 ± 0.0500)");
    }

    @Test
    void countsTheDocumentsOfEachDataSet() {
        assertThat(json.at("/runs/everything/trainedOn/byDomain/web/bytes").asLong())
                .isEqualTo(600);
        assertThat(json.at("/runs/everything/trainedOn/total/documents").asLong())
                .isEqualTo(8);
        assertThat(json.at("/runs/high/trainedOn/byDomain/code/documents").asLong())
                .isEqualTo(2);
        assertThat(json.at("/runs/high/trainedOn/total/tokens").asLong()).isEqualTo(20);
        assertThat(page).contains("50.00 %").contains("100.00 %");
    }

    @Test
    void marksThePublishedScoresAsTheirs() {
        assertThat(page)
                .contains("paper: Pile 1B, high perplexity")
                .contains("15.62")
                .contains("arXiv 2405.20541")
                .contains("None of the runs above compares with these")
                .contains("2,048 tokens");
        assertThat(json.at("/published/rows")).hasSize(12);
        for (JsonNode row : json.at("/published/rows")) {
            double sum = 0;
            for (JsonNode score : row.get("scores")) {
                sum += score.asDouble();
            }
            // Five scores rounded to 0.01, and their rounded mean.
            assertThat(sum / 5).isCloseTo(row.get("average").asDouble(), within(0.0101));
        }
    }

    @Test
    void pageNeedsNoNetworkAndHasATableForEachFigure() {
        String addresses = page.replace("http://www.w3.org/2000/svg", "");
        assertThat(addresses)
                .doesNotContain("http")
                .doesNotContain("<script")
                .doesNotContain("<link")
                .doesNotContain("src=");
        assertThat(page.split("<figure>", -1)).hasSize(6);
        assertThat(page.split("<table", -1)).hasSizeGreaterThan(8);
        assertThat(page).doesNotContain("NaN").doesNotContain("Infinity");
    }

    @Test
    void printsATableForPeople() {
        assertThat(table)
                .contains("tiny")
                .contains("world knowledge")
                .contains("15.00 ± ")
                .contains("higher by 2.50 ± ")
                .contains("everything (control)");
    }

    @Test
    void saysWhatIsMissingAndWhatMakesIt(@TempDir Path other) throws IOException {
        String printed = execute(
                "folder",
                "--against",
                "high",
                "--profile",
                folder.resolve("tiny.json").toString(),
                "--out",
                other.toString());
        JsonNode found = new ObjectMapper().readTree(other.resolve("runs.json").toFile());
        assertThat(found.get("control").asText()).isEqualTo("high");
        JsonNode average = found.at("/profiles/0/runs/folder/average");
        assertThat(average.get("partial").asBoolean()).isTrue();
        assertThat(average.get("absent").get(0).asText()).contains("rivers/1-shot (not scored)");
        assertThat(printed)
                .contains("partial, 2 of 3 tasks")
                .contains("stories/0-shot (4 of 40 rows)")
                .contains("The training of folder is not recorded here")
                .contains("‘bandpass eval --once folder’");
        assertThat(Files.readString(other.resolve("runs.html")))
                .contains("partial, 2 of 3 tasks")
                .contains("4 of 40 rows")
                .contains("The longest prompts in tiny differ between runs (512 and 2,048 tokens)")
                .contains("Prompts of folder are cut to fewer than 2,048 tokens");
    }

    @Test
    void leavesOutScoresOfAProfileThatItDoesNotKnow(@TempDir Path other) {
        String printed = execute("high", "--out", other.toString());
        assertThat(printed)
                .contains("Scores of high in profile tiny, version 3, are left out")
                .contains("--profile FILE")
                .contains("No task of a profile is scored");
    }

    @Test
    void leavesOutScoresOfAnotherVersionOfTheProfile(@TempDir Path other) throws IOException {
        Path newer = other.resolve("tiny.json");
        Files.writeString(newer, ReportedRuns.PROFILE.replace("\"version\": \"3\"", "\"version\": \"4\""));
        String printed = execute("high", "--profile", newer.toString(), "--out", other.toString());
        assertThat(printed).contains("Scores of high in profile tiny, version 3, are left out");
    }

    @Test
    void printsTheJsonThatItWrites(@TempDir Path other) throws IOException {
        String printed = execute("high", "--out", other.toString(), "--json");
        assertThat(printed).isEqualTo(Files.readString(other.resolve("runs.json")));
    }

    @Test
    void refusesAnUnknownRunAndListsTheOthers() {
        for (String[] arguments : new String[][] {{"nope"}, {"high", "--against", "nope"}}) {
            assertThatThrownBy(() -> call(arguments))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("'nope'")
                    .hasMessageContaining("everything, folder, high");
        }
    }

    @Test
    void needsAFolderOrRuns() {
        StringWriter errors = new StringWriter();
        CommandLine line = line(new StringWriter()).setErr(new PrintWriter(errors));
        assertThat(line.execute(arguments())).isEqualTo(2);
        assertThat(errors.toString()).contains("--out=DIR").contains("name the runs");
    }

    private static String execute(String... options) {
        StringWriter out = new StringWriter();
        assertThat(line(out).execute(arguments(options))).isZero();
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

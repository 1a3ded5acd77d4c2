package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.cli.RenderedChart.ROOT;
import static org.bandpass.cli.RenderedChart.list;
import static org.bandpass.cli.RenderedChart.map;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bandpass.cli.RenderedChart.Pod;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Compares the arguments in the chart, in compose.yaml and in step-by-step.sh with each other and with the programs. */
class DeploymentTest {

    /** The folder of the model below that of a run. */
    private static final String MODEL = "/model";

    /** Commands that read no topic of another program. */
    private static final Set<String> FIRST = Set.of("ingest", "topics", "broker", "lag", "cuts");

    /** Time to close clients and leave groups after a program's own deadline. */
    private static final Duration ROOM = Duration.ofSeconds(20);

    private static final Pattern DEADLINE =
            Pattern.compile("(?:STOP_DEADLINE\\s*=\\s*|Stop\\.onSignal\\()Duration\\.of(Seconds|Minutes)\\((\\d+)\\)");

    @Test
    void theProgramsOfTheChartReadWhatItsJobsWrite() {
        RenderedChart chart = chart();
        Pod training = chart.pod("train");

        assertThat(chart.pod("score").option("--model")).isEqualTo(training.option("--out") + MODEL);
        assertThat(training.option("--tokenizer"))
                .isEqualTo(chart.pod("tokenizer").option("--out"));
        // Eval finds the path of a model in training-runs.
        assertThat(Stream.of("tokenizer", "train", "score", "eval"))
                .allSatisfy(command -> assertThat(chart.pod(command).claims()).containsExactly("models at /models"));
    }

    @Test
    void theServicesOfComposeReadWhatOthersWrite() throws IOException {
        Map<String, Object> services = services();

        assertThat(option(services, "scorer", "--model")).isEqualTo(option(services, "reference", "--out") + MODEL);
        assertThat(option(services, "reference", "--tokenizer")).isEqualTo(option(services, "tokenizer", "--out"));
        assertThat(Stream.of("tokenizer", "reference", "scorer", "eval"))
                .allSatisfy(
                        service -> assertThat(list(map(services.get(service)).get("volumes")))
                                .containsExactly("models:/models"));
        assertThat(option(services, "router", "--plan")).isEqualTo(option(services, "freeze", "--plan"));
    }

    @Test
    void theStepsReadWhatEarlierStepsWrite() throws IOException {
        String steps = Files.readString(ROOT.resolve("docs/step-by-step.sh"));

        assertThat(steps)
                .contains("bandpass tokenizer \"${kafka[@]}\" --vocabulary 2048 --out \"$out/tokenizer\"")
                .contains("--tokenizer \"$out/tokenizer\"")
                .contains("--out \"$out/runs/$run\"")
                .contains("--model \"$out/runs/reference" + MODEL + "\"");
    }

    @Test
    void programsWaitForTopicsOfOtherPrograms() throws IOException {
        List<List<String>> told = new ArrayList<>();
        chart().pods().forEach(pod -> told.add(pod.arguments()));
        services().values().forEach(service -> told.add(command(service)));

        assertThat(told).hasSizeGreaterThan(14).allSatisfy(words -> {
            if (!FIRST.contains(words.get(0))) {
                assertThat(words).contains("--wait-for-topics");
            }
        });
        // The only program of the steps that starts before its topic exists.
        assertThat(Files.readString(ROOT.resolve("docs/step-by-step.sh")))
                .contains("bandpass eval \"${kafka[@]}\" --wait-for-topics ");
    }

    @Test
    void everyProgramGetsEnoughTimeToStop() throws IOException {
        Duration longest = longestDeadline();
        long enough = longest.plus(ROOM).toSeconds();

        assertThat(longest).isGreaterThanOrEqualTo(Duration.ofMinutes(2));
        assertThat(chart().pods())
                .hasSize(7)
                .allSatisfy(pod -> assertThat((Integer) pod.spec().get("terminationGracePeriodSeconds"))
                        .isGreaterThanOrEqualTo((int) enough));
        assertThat(services()).allSatisfy((name, service) -> {
            String period = String.valueOf(map(service).get("stop_grace_period"));
            assertThat(Duration.parse("PT" + period).toSeconds()).as(name).isGreaterThanOrEqualTo(enough);
        });
    }

    @Test
    void noPodGetsVariablesOfOtherServices() {
        assertThat(chart().pods())
                .allSatisfy(
                        pod -> assertThat(pod.spec().get("enableServiceLinks")).isEqualTo(false));
    }

    /** A topic created by the check would have unexpected settings. */
    @Test
    void theHealthCheckOfComposeCreatesNothing() throws IOException {
        Object check = map(map(services().get("broker")).get("healthcheck")).get("test");

        assertThat(list(check)).startsWith("CMD", "bandpass", "lag");
    }

    private static RenderedChart chart() {
        return new RenderedChart(RenderedChart.everything(RenderedChart.CHART).call());
    }

    private static Map<String, Object> services() throws IOException {
        Object compose = new Yaml().load(Files.readString(ROOT.resolve("docker/compose.yaml")));
        return map(map(compose).get("services"));
    }

    private static List<String> command(Object service) {
        return list(map(service).get("command")).stream().map(String::valueOf).toList();
    }

    private static String option(Map<String, Object> services, String service, String option) {
        List<String> words = command(services.get(service));
        return words.get(words.indexOf(option) + 1);
    }

    private static Duration longestDeadline() throws IOException {
        List<Duration> deadlines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(path -> path.toString().contains("src/main/java"))
                    .filter(path -> path.toString().endsWith("Command.java"))
                    .toList()) {
                String source = Files.readString(file);
                Collection<Duration> own = deadlines(source);
                if (source.contains("Stop.onSignal(") && own.isEmpty()) {
                    assertThat(source).as(file.toString()).contains("Stop.onSignal(CalibrateCommand.STOP_DEADLINE)");
                }
                deadlines.addAll(own);
            }
        }
        return deadlines.stream().max(Duration::compareTo).orElseThrow();
    }

    private static Collection<Duration> deadlines(String source) {
        List<Duration> deadlines = new ArrayList<>();
        Matcher matcher = DEADLINE.matcher(source);
        while (matcher.find()) {
            long amount = Long.parseLong(matcher.group(2));
            deadlines.add(matcher.group(1).equals("Minutes") ? Duration.ofMinutes(amount) : Duration.ofSeconds(amount));
        }
        return deadlines;
    }
}

package org.bandpass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Telemetry;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The page of all metrics is what the programs register. */
class MetricsPageTest {

    private static final Path PAGE = PackagedCommand.ROOT.resolve("docs/metrics.md");

    private static final String HEAD = """
            # Metrics

            Written by `MetricsPageTest` from what the programs register; do not edit.

            Programs with `--metrics-port PORT` serve these at `http://localhost:PORT/metrics`, in Prometheus's format. Each sample
            also has the label `program`. Micrometer's metrics of the JVM and the processor (`jvm_…`, `process_…`, `system_…`) come
            on top. A summary has the samples `…_count` and `…_sum`.

            | metric | type | unit | labels | meaning | program |
            |---|---|---|---|---|---|
            """;

    /** The programs that use each class. */
    private static final Map<String, List<String>> PROGRAMS = Map.of(
            "IngestMeters", List.of("ingest"),
            "ScorerTally", List.of("scorer"),
            "CalibratorMeters", List.of("calibrator"),
            "RouterTally", List.of("router"),
            "RefusalMeters", List.of("calibrator", "router"),
            "TokenizerMeters", List.of("tokenizer"),
            "TrainerMeters", List.of("trainer"),
            "EvalMeters", List.of("eval"));

    /** Methods that need results of a program, and register nothing. */
    private static final Set<String> COUNTING = Set.of("EvalMeters.add", "ScorerTally.written", "ScorerTally.finish");

    private static final Pattern TYPE = Pattern.compile("# TYPE (bandpass_\\w+) (\\w+)");
    private static final Pattern LABEL = Pattern.compile("[{,](\\w+)=\"");
    private static final Pattern UNIT = Pattern.compile("_(seconds|bytes|tokens|ratio)(_total|_max)?$");

    @Test
    void thePageOfMetricsShowsWhatTheProgramsRegister() throws Exception {
        SortedMap<String, String> rows = new TreeMap<>();
        for (Map.Entry<String, List<Class<?>>> program : classes().entrySet()) {
            String scrape = scrape(program.getKey(), program.getValue());
            Matcher type = TYPE.matcher(scrape);
            while (type.find()) {
                String name = type.group(1);
                rows.put(name + " " + program.getKey(), row(name, type.group(2), scrape, program.getKey()));
            }
        }
        String page = HEAD + String.join("", rows.values());
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, page);
            return;
        }

        assertThat(Files.readString(PAGE))
                .as("docs/metrics.md; if the change is meant, run this test with -Dgolden.update=true")
                .isEqualTo(page);
    }

    /** Returns the classes that register metrics, by program: ArchitectureTest allows that to these alone. */
    private static Map<String, List<Class<?>>> classes() throws ClassNotFoundException {
        Map<String, List<Class<?>>> classes = new TreeMap<>();
        for (JavaClass each : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.bandpass")) {
            Class<?> type = Class.forName(each.getName(), false, MetricsPageTest.class.getClassLoader());
            if (each.getSimpleName().matches(".*(Meters|Tally)") && constructor(type) != null) {
                assertThat(PROGRAMS).as("the programs of " + each.getName()).containsKey(each.getSimpleName());
                PROGRAMS.get(each.getSimpleName())
                        .forEach(program -> classes.computeIfAbsent(program, name -> new ArrayList<>())
                                .add(type));
            }
        }
        return classes;
    }

    private static Constructor<?> constructor(Class<?> type) {
        return Arrays.stream(type.getDeclaredConstructors())
                .filter(each -> Arrays.stream(each.getParameterTypes())
                        .anyMatch(parameter -> parameter.getSimpleName().equals("MeterRegistry")))
                .findFirst()
                .orElse(null);
    }

    /** Makes the classes and calls each of their methods once, so that also late metrics are registered. */
    private static String scrape(String program, List<Class<?>> types) throws Exception {
        ProgramOptions options = new ProgramOptions();
        CommandLine.populateCommand(options, "--metrics-port", "0");
        try (Telemetry telemetry = options.telemetry(program)) {
            // The module of this test does not know Micrometer.
            Object registry = Telemetry.class.getMethod("registry").invoke(telemetry);
            for (Class<?> type : types) {
                Constructor<?> constructor = constructor(type);
                constructor.setAccessible(true);
                Object meters = constructor.newInstance(arguments(constructor, program, registry));
                for (Method method : type.getDeclaredMethods()) {
                    boolean called = !method.isSynthetic()
                            && !Modifier.isPrivate(method.getModifiers())
                            && method.getDeclaringClass() != Object.class
                            && !method.getName().matches("equals|hashCode|toString")
                            && !COUNTING.contains(type.getSimpleName() + "." + method.getName());
                    if (called) {
                        method.setAccessible(true);
                        method.invoke(meters, arguments(method, program, registry));
                    }
                }
            }
            URI uri = URI.create("http://localhost:" + telemetry.port() + "/metrics");
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static Object[] arguments(Executable executable, String program, Object registry) {
        return Arrays.stream(executable.getParameterTypes())
                .map(type -> argument(type, executable, program, registry))
                .toArray();
    }

    private static Object argument(Class<?> type, Executable executable, String program, Object registry) {
        if (type.isInstance(registry)) {
            return registry;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        Map<Class<?>, Object> samples = new HashMap<>(Map.of(
                int.class,
                0,
                long.class,
                0L,
                double.class,
                0.0,
                boolean.class,
                false,
                String.class,
                program,
                Duration.class,
                Duration.ZERO,
                Collection.class,
                List.of(),
                PrintWriter.class,
                new PrintWriter(Writer.nullWriter())));
        samples.put(Plan.class, plan());
        samples.put(Cuts.class, cuts());
        // A gauge may observe nothing.
        if (type.getSimpleName().equals("FollowedFolders")) {
            return null;
        }
        assertThat(samples).as("a sample for " + executable).containsKey(type);
        return samples.get(type);
    }

    private static String row(String name, String type, String scrape, String program) {
        Matcher help = Pattern.compile("(?m)^# HELP " + name + " (.+)$").matcher(scrape);
        assertThat(help.find()).as(name + " has a description").isTrue();
        Matcher sample =
                Pattern.compile("(?m)^" + name + "(_count|_sum)?\\{.*$").matcher(scrape);
        Set<String> labels = new TreeSet<>();
        while (sample.find()) {
            Matcher label = LABEL.matcher(sample.group());
            while (label.find()) {
                labels.add("`" + label.group(1) + "`");
            }
        }
        labels.remove("`program`");
        Matcher unit = UNIT.matcher(name);
        return "| `" + name + "` | " + type + " | " + (unit.find() ? unit.group(1) : "") + " | "
                + String.join(" ", labels) + " | " + help.group(1).replace("|", "\\|") + " | " + program + " |\n";
    }

    private static Plan plan() {
        return Plan.newBuilder()
                .setName("a")
                .setBands(List.of(new Band("high", 0.5, 1.0)))
                .setCutMode(CutMode.LIVE)
                .setScoredTopic("a")
                .setModelRevision("a")
                .build();
    }

    private static Cuts cuts() {
        return Cuts.newBuilder()
                .setScoredTopic("a")
                .setModelRevision("a")
                .setStratum("all")
                .setVersion(1)
                .setCount(0)
                .setCovered(List.of())
                .setDigest(ByteBuffer.allocate(0))
                .setRankErrorBound(0)
                .build();
    }
}

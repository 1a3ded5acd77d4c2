package org.bandpass.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.bandpass.cli.Experiment.Stage;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.FolderLock;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the whole experiment on an embedded broker, from documents to evaluated models and a report. */
@Command(
        name = "run",
        description = "Runs the paper's experiment on this machine: ingest, tokenizer, reference model, scores, cuts,"
                + " bands, a control and a model per band, evaluation, report.")
final class RunCommand implements Callable<Integer> {

    private static final Set<String> BANDS = Set.of("low", "medium", "high");

    private static final int MOST_SEEDS = 100;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Files to ingest (default: the source jars of Bandpass's own dependencies).")
    private List<String> inputs = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "bandpass-run",
            description = "Folder of the run (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("bandpass-run");

    @Option(
            names = "--bands",
            split = ",",
            defaultValue = "low,medium,high",
            description = "Bands to train on (default: ${DEFAULT-VALUE}).")
    private List<String> bands = new ArrayList<>();

    @Option(
            names = "--rate",
            defaultValue = "0.5",
            description = "Share of the documents each band keeps, above 0 and at most 1 (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--minutes",
            defaultValue = "4",
            description = "Size of the experiment as a nominal duration on two cores (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--seed",
            defaultValue = "17",
            description = "Seed of everything random (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seeds to train the control and the bands with: --seed and those after it. Each one more adds"
                    + " about 40 %% of the minutes; the verdict then rests on the spread over seeds (default:"
                    + " ${DEFAULT-VALUE}).")
    private int seeds = 1;

    @Option(names = "--port", defaultValue = "0", description = "Port of the embedded broker; 0 takes a free one.")
    private int port;

    @Option(names = "--resume", description = "Continue the run in DIR.")
    private boolean resume;

    private Map<String, String> environment = System.getenv();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Replaces the variables of the process. */
    void environment(Map<String, String> variables) {
        environment = variables;
    }

    @Override
    public Integer call() throws IOException {
        check();
        List<String> files = inputs.isEmpty()
                ? defaultCorpus()
                : inputs.stream().map(RunCommand::absolute).toList();
        RunSettings settings = RunSettings.of(environment);
        checkFolder();
        FolderLock lock = FolderLock.take(out);
        try (lock;
                Stop stop = Stop.onSignal(Duration.ofSeconds(60))) {
            RunIdentity identity = new RunIdentity(files, bands, rate, minutes, seed, seeds);
            if (StageRunner.isEmpty(out)) {
                identity.write(out);
            } else {
                identity.requireSame(out);
            }
            if (!settings.leftOut().isEmpty()) {
                System.err.println(
                        "bandpass: kafka.* does not apply to the embedded broker of a run, so these are ignored: "
                                + String.join(", ", settings.leftOut()));
            }
            return run(files, settings, stop);
        }
    }

    private int run(List<String> files, RunSettings settings, Stop stop) throws IOException {
        long began = System.nanoTime();
        String next = "'bandpass run --resume --out " + out + "'";
        try (LockedBroker broker =
                LockedBroker.start(out.resolve("broker"), "localhost", port, Map.of(), "then continue with " + next)) {
            Path folder = out.toAbsolutePath().normalize();
            ExperimentBudget budget = ExperimentBudget.of(minutes, 1 + bands.size());
            String servers = broker.broker().bootstrapServers();
            Experiment experiment = new Experiment(folder, servers, files, bands, rate, seed, seeds, budget);
            List<Supplier<Stage>> stages = experiment.stages(() -> maxWindows(experiment, settings));
            StageRunner runner = new StageRunner(folder.resolve("stages"), stages.size(), settings.environment());
            for (Supplier<Stage> stage : stages) {
                int code = runner.run(stage.get());
                if (code != 0 || stop.requested()) {
                    System.err.println("bandpass: stopped; continue with " + next);
                    return code == 0 ? 1 : code;
                }
            }
            String duration = Progress.duration((System.nanoTime() - began) / 1e9);
            System.err.printf("%ndone in %s: %s%n", duration, folder.resolve("report.html"));
            return 0;
        }
    }

    /** Depends on the ingested documents alone, so a repeated run has the same cap. */
    private static int maxWindows(Experiment experiment, RunSettings settings) {
        Topics topics = settings.topics();
        Map<String, Object> client = settings.client(experiment.bootstrapServers());
        AvroSerde<Document> serde = AvroSerde.of(Document.class);
        LongStream.Builder bytes = LongStream.builder();
        try (Admin admin = Admin.create(client);
                Consumer<byte[], byte[]> consumer = Clients.reader(client, topics)) {
            String documents = topics.documents().name();
            OffsetSnapshot.written(admin, consumer, documents).read(consumer, record -> {
                if (HeaderNames.isPart(record.headers(), SplitPart.FINAL)) {
                    bytes.add(serde.read(record.value()).getBytes());
                }
            });
        }
        return experiment.budget().maxWindows(bytes.build().toArray());
    }

    private void check() {
        checkNumbers();
        if (bands.isEmpty() || !BANDS.containsAll(bands) || new HashSet<>(bands).size() != bands.size()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--bands takes some of low, medium and high, each once, not " + String.join(",", bands));
        }
        for (String input : inputs) {
            if (!input.startsWith("http://") && !input.startsWith("https://") && !Files.isReadable(Path.of(input))) {
                throw new ProgramFailure("no file " + input + " that can be read; nothing was started");
            }
        }
    }

    private void checkNumbers() {
        if (!(rate > 0 && rate <= 1)) {
            throw new ConfigurationException("--rate must be above 0 and at most 1, not " + rate);
        }
        if (!(minutes >= 1 && minutes <= 100_000)) {
            throw new ConfigurationException("--minutes must be 1 or more, not " + minutes);
        }
        if (seeds < 1 || seeds > MOST_SEEDS) {
            throw new ConfigurationException("--seeds must be 1 to " + MOST_SEEDS + ", not " + seeds);
        }
        if (port < 0 || port > 65_535) {
            throw new ConfigurationException("--port must be 0 to 65535, not " + port);
        }
    }

    /** Refuses a folder that holds anything else, before writing to it. */
    private void checkFolder() {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new ProgramFailure("--out " + out + " is a file; name a folder");
        }
        if (Files.isDirectory(out) && !StageRunner.isEmpty(out)) {
            if (!resume) {
                throw new ProgramFailure("the folder " + out
                        + " is not empty; name another with --out, or continue its run with --resume");
            }
            RunIdentity.requireIn(out);
        }
    }

    private static List<String> defaultCorpus() {
        Path folder = Path.of(System.getProperty("bandpass.home", "."), "corpus");
        try (Stream<Path> jars = Files.list(folder)) {
            List<String> files = jars.map(Path::toString)
                    .filter(f -> f.endsWith(".jar"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw new IOException("it holds no jar");
            }
            return files;
        } catch (IOException e) {
            throw new ProgramFailure(
                    "there is no default corpus in " + folder
                            + " (it comes with a checkout's build); name files with --input",
                    e);
        }
    }

    private static String absolute(String input) {
        return input.contains("://")
                ? input
                : Path.of(input).toAbsolutePath().normalize().toString();
    }
}

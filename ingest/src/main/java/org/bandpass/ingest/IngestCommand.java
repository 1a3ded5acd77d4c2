package org.bandpass.ingest;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Turns files into documents, each exactly once. */
@Command(
        name = "ingest",
        description = {
            "Turns files into documents, each exactly once: JSON lines (plain, gz, zst), plain text, and -sources jars"
                    + " of Java libraries, which are split into documents of several domains.",
            "A second run goes on where the first ended, skips files that were read to their end, and reads what was"
                    + " added to a file. A text that is among the last documents (setting ingest.duplicates.window) is"
                    + " refused as a duplicate. One bad record costs one dead letter, one bad file the rest of that"
                    + " file; the exit code is then 1.",
            "With --unit sequence, documents are packed into sequences of equal length. What does not fill one waits, and"
                    + " the next ingest of the same name goes on with it."
        })
public final class IngestCommand implements Callable<Integer> {

    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);
    private static final String DEFAULT_NAME = "default";

    @Mixin
    private ProgramOptions options = new ProgramOptions();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = DEFAULT_NAME,
            description = "Name of the ingest (default: ${DEFAULT-VALUE}): what was read is known by it, and it is the"
                    + " source of its documents. One runs at a time; a second of the same name takes over.")
    private String name = DEFAULT_NAME;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the split (setting ingest.split.seed); the same for all documents of a topic.")
    private @Nullable Long seed;

    @Mixin
    private SequenceOptions packing = new SequenceOptions();

    @Option(names = "--dry-run", description = "Say what would be admitted and refused; needs no Kafka.")
    private boolean dryRun;

    @Option(
            names = "--json",
            description = "Print one JSON object at the end; with --dry-run also one a line for each document and"
                    + " refusal.")
    private boolean json;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR|GLOB",
            description = "What to read, in this order. A folder gives the files of known formats in it and below.")
    private List<String> files = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Returns the settings of ingest. */
    public static ConfigDef settings() {
        return IngestSettings.definition();
    }

    @Override
    public Integer call() {
        if (!name.matches("[a-zA-Z0-9._-]{1,200}")) {
            throw new ParameterException(
                    spec.commandLine(), "--name may have letters, digits, '.', '_' and '-', not '" + name + "'");
        }
        IngestSettings settings = IngestSettings.of(options.settings(settings()), seed, packing);
        PrintWriter talk = spec.commandLine().getErr();
        List<Source> sources = SourceFiles.find(files, talk::println);
        long stored = sources.stream().mapToLong(Source::bytes).sum();
        try (Progress progress = Progress.start(dryRun ? "reading" : "ingesting", "bytes", stored)) {
            if (dryRun) {
                DryRun dry = new DryRun(settings, spec.commandLine().getOut(), json);
                return dry.read(sources, progress::add) ? 0 : 1;
            }
            return ingest(settings, sources, progress);
        }
    }

    private int ingest(IngestSettings settings, List<Source> sources, Progress progress) {
        PrintWriter talk = spec.commandLine().getErr();
        try (Telemetry telemetry = options.telemetry(DocumentTransactions.PROGRAM);
                Stop stop = Stop.onSignal(STOP_DEADLINE)) {
            IngestOutput output = new IngestOutput(talk, progress, new IngestMeters(telemetry.registry()));
            boolean all = new Ingest(settings, name, output).run(sources, progress::add, stop);
            progress.close();
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? output.json() : output.text());
            out.flush();
            // Said here: once the stop is closed, a process that was signalled may be gone before anybody else says it.
            if (!all) {
                talk.println("bandpass: stopped; all that is counted is committed, and a second run goes on behind it");
            } else if (output.broken() > 0) {
                talk.println("bandpass: " + output.broken() + " of " + output.files() + " files were not read to their"
                        + " end, for the reasons above; the others were");
            }
            talk.flush();
            return all && output.broken() == 0 ? 0 : 1;
        }
    }
}

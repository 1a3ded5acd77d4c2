package org.bandpass.ingest;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.bandpass.sources.FollowedFolders;
import org.bandpass.sources.SourceOptions;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.http.HttpRequests;
import org.bandpass.sources.record.UnusableInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Turns files into documents, each exactly once. */
@Command(
        name = "ingest",
        description = {
            "Turns files into documents, each exactly once: JSON lines, WARC, WET and ARC of web crawls, and plain text"
                    + " (each plain, gz, zst, bz2, xz or lz4); Parquet; and -sources jars of Java libraries, which are"
                    + " split into documents of several domains.",
            "It also reads http and https URLs, and resumes an interrupted transfer; lists of paths, as Common Crawl"
                    + " publishes them (--list, --base); and folders that fill (--follow), until a signal stops it.",
            "The next run resumes where this one ended, skips files that were read to their end (also after a rename),"
                    + " and reads what was added to a file. A text that is among the last documents (setting"
                    + " ingest.duplicates.window) is refused as a duplicate. A bad record becomes a dead letter. A bad"
                    + " file is refused from the bad place on, and the exit code is then 1.",
            "With --unit sequence, documents are packed into sequences of equal length. Tokens that do not fill a"
                    + " sequence wait for the next ingest of the same name."
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
            description =
                    "Name of the ingest (default: ${DEFAULT-VALUE}). Progress is kept under it, and documents have it"
                            + " as their source. One ingest of a name runs at a time; a second one takes over.")
    private String name = DEFAULT_NAME;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the split (setting ingest.split.seed); the same for all documents of a topic.")
    private @Nullable Long seed;

    @Mixin
    private SequenceOptions packing = new SequenceOptions();

    @Option(names = "--dry-run", description = "Report what would be admitted and refused; needs no Kafka.")
    private boolean dryRun;

    @Option(
            names = "--show-text",
            description = "With --dry-run, print the text of each document that would be admitted, as a field with"
                    + " --json: what was taken from a page.")
    private boolean showText;

    @Option(
            names = "--json",
            description =
                    "Print one JSON object at the end; with --dry-run also one line of JSON per document and refusal.")
    private boolean json;

    @Mixin
    private SourceOptions sources = new SourceOptions();

    @Option(
            names = "--follow",
            paramLabel = "DIR",
            description =
                    "Then keep running, and read each file in the folder, and each new one, once it has stopped growing"
                            + " (setting ingest.follow.settle.ms), until a signal stops it; may be repeated.")
    private List<Path> folders = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Returns the settings of ingest. */
    public static ConfigDef settings() {
        return IngestSettings.definition();
    }

    @Override
    public Integer call() {
        requireUse();
        try {
            return run(IngestSettings.of(options.settings(settings()), seed, packing));
        } catch (UnusableInputException e) {
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    private int run(IngestSettings settings) {
        PrintWriter talk = spec.commandLine().getErr();
        List<Source> named =
                sources.named("jsonl", new HttpRequests(settings.reading().http(), talk::println), talk);
        boolean known = folders.isEmpty() && named.stream().allMatch(source -> source.bytes() >= 0);
        long stored = known ? named.stream().mapToLong(Source::bytes).sum() : 0;
        require(
                !showText || settings.sequences() == null,
                "--show-text shows documents; add --unit document to see those of sequences");
        try (Progress progress = Progress.start(dryRun ? "reading" : "ingesting", "bytes", stored)) {
            if (dryRun) {
                DryRun dry = new DryRun(
                        settings,
                        sources.opener(settings.opener()),
                        spec.commandLine().getOut(),
                        json,
                        showText);
                return dry.read(named.iterator(), progress::add) ? 0 : 1;
            }
            return ingest(settings, named, progress);
        }
    }

    private void requireUse() {
        require(
                name.matches("[a-zA-Z0-9._-]{1,200}"),
                "--name may have letters, digits, '.', '_' and '-', not '" + name + "'");
        require(
                !sources.isEmpty() || !folders.isEmpty(),
                "nothing to read: name files, folders or URLs, or use --list or --follow");
        require(!dryRun || folders.isEmpty(), "--dry-run has an end, --follow has none: name the folder");
        require(
                !folders.contains(Path.of("")),
                "an empty argument names nothing to read; the working directory is '.'");
        require(!showText || dryRun, "--show-text goes with --dry-run");
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new ProgramFailure("there is no folder " + folder + " to follow; create it, or name another");
            }
        }
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private int ingest(IngestSettings settings, List<Source> named, Progress progress) {
        PrintWriter talk = spec.commandLine().getErr();
        try (Telemetry telemetry = options.telemetry(DocumentTransactions.PROGRAM);
                Stop stop = Stop.onSignal(STOP_DEADLINE)) {
            IngestMeters meters = new IngestMeters(telemetry.registry());
            IngestOutput output = new IngestOutput(talk, progress, meters);
            Iterator<Source> all = named.iterator();
            if (!folders.isEmpty()) {
                FollowedFolders following = new FollowedFolders(
                        all, folders, settings.reading().follow(), idle -> note(idle, progress), System::nanoTime);
                meters.follow(following);
                all = following;
            }
            Ingest ingest = new Ingest(settings, sources.opener(settings.opener()), name, output);
            boolean ended = ingest.run(all, progress::add, stop, !folders.isEmpty());
            progress.close();
            spec.commandLine().getOut().println(json ? output.json() : output.text());
            spec.commandLine().getOut().flush();
            // Printed before the stop is closed, because a signalled process may end right after that.
            remark(output, ended, named.stream().allMatch(Source::lasts));
            return (ended || !folders.isEmpty()) && output.broken() == 0 ? 0 : 1;
        }
    }

    private void remark(IngestOutput output, boolean ended, boolean resumable) {
        PrintWriter talk = spec.commandLine().getErr();
        if (!ended) {
            talk.println("bandpass: " + (folders.isEmpty() ? "stopped" : "stopped following, which is its end")
                    + "; the documents that are counted are committed, and the next run resumes after them"
                    + (resumable ? "" : ", but not in standard input, which is read once"));
        }
        if (output.broken() > 0) {
            talk.println("bandpass: " + output.broken() + " of " + output.files() + " files were not read to their"
                    + " end, for the reasons above; the others were");
        }
        talk.flush();
    }

    private static void note(FollowedFolders folders, Progress progress) {
        int settling = folders.settling();
        progress.note(settling == 0 ? "waits for files" : "waits until " + settling + " files have settled");
        progress.add(0);
    }
}

package org.bandpass.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the cost of exactly-once, against reading and then sending. */
@Command(
        name = "ingest",
        description = {
            "Ingest against a bare transactional producer and its reader alone: the same files and documents.",
            "The aim is a share of what both one after the other would reach, 1 / (1/producer + 1/reader). All run in"
                    + " turns; the first round warms up and does not count, of the others the best of each."
        })
final class IngestBenchmark implements Callable<Integer> {

    private static final double AIM = 0.90;
    private static final double MEGABYTE = 1e6;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            split = ",",
            description = "Files to ingest, copied until there is enough (default: the default corpus).")
    private List<String> inputs = new ArrayList<>();

    @Option(
            names = "--megabytes",
            defaultValue = "200",
            description = "Text to ingest in one round, MB (default: ${DEFAULT-VALUE}).")
    private int megabytes = 200;

    @Option(names = "--rounds", defaultValue = "4", description = "Rounds that count (default: ${DEFAULT-VALUE}).")
    private int rounds = 4;

    @Mixin
    private FiguresReport report = new FiguresReport();

    @Override
    public Integer call() throws IOException {
        List<IngestRace.Round> counted = new ArrayList<>();
        double text;
        double documents;
        try (ScratchFolder scratch = new ScratchFolder();
                IngestRace race =
                        new IngestRace(scratch.path(), SampleTexts.files(inputs), (long) (megabytes * MEGABYTE))) {
            text = race.textBytes() / MEGABYTE;
            documents = race.documents();
            for (int round = 0; round <= rounds; round++) {
                IngestRace.Round measured = race.round(round);
                System.err.printf(
                        "round %d: ingest %.1f s, reader alone %.1f s, bare producer %.1f s%n",
                        round, measured.ingest(), measured.reader(), measured.producer());
                if (round > 0) {
                    counted.add(measured);
                }
            }
        }
        double ingest = BestRound.least(counted, IngestRace.Round::ingest);
        double reader = BestRound.least(counted, IngestRace.Round::reader);
        double producer = BestRound.least(counted, IngestRace.Round::producer);
        report.print(List.of(
                Figure.of("documents", documents, "documents"),
                Figure.of("ingest", text / ingest, "MB/s"),
                Figure.of("reader-alone", text / reader, "MB/s"),
                Figure.of("bare-producer", text / producer, "MB/s"),
                Figure.atLeast("ingest-to-producer-and-reader", (reader + producer) / ingest, "ratio", AIM)));
        return 0;
    }
}

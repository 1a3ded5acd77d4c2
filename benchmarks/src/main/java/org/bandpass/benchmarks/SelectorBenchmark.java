package org.bandpass.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Routed documents a second against records that are only passed on. */
@Command(
        name = "selector",
        description = {
            "Replay of scored documents under a plan with the bands low and high at r = 0.5, against a Kafka Streams"
                    + " topology that passes records on: same topic, guarantees and commit interval.",
            "Both run in turns; the first round warms up and does not count, of the others the best of each."
        })
final class SelectorBenchmark implements Callable<Integer> {

    private static final double AIM = 0.80;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            split = ",",
            description = "Files whose texts are routed, in turns (default: the default corpus).")
    private List<String> inputs = new ArrayList<>();

    @Option(names = "--documents", defaultValue = "200000", description = "Documents (default: ${DEFAULT-VALUE}).")
    private int documents = 200_000;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds that count (default: ${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Mixin
    private FiguresReport report = new FiguresReport();

    @Override
    public Integer call() throws IOException {
        List<String> texts = SampleTexts.read(inputs);
        List<RouterRace.Round> counted = new ArrayList<>();
        long routed;
        try (ScratchFolder folder = new ScratchFolder();
                RouterRace race = new RouterRace(folder.path(), texts, documents)) {
            for (int round = 0; round <= rounds; round++) {
                RouterRace.Round measured = race.round(round);
                System.err.printf(
                        "round %d: passing %,.0f/s, routing %,.0f/s%n",
                        round, measured.passing().speed(), measured.routing().speed());
                if (round > 0) {
                    counted.add(measured);
                }
            }
            routed = race.routed();
        }
        double passing = BestRound.most(counted, round -> round.passing().speed());
        double routing = BestRound.most(counted, round -> round.routing().speed());
        double passingCpu = BestRound.least(counted, round -> round.passing().cpuMicros());
        double routingCpu = BestRound.least(counted, round -> round.routing().cpuMicros());
        report.print(List.of(
                Figure.atMost("lost-or-doubled", (double) Math.abs(documents - routed), "documents", 0),
                Figure.of("passing", passing, "documents/s"),
                Figure.of("routing", routing, "documents/s"),
                Figure.of("passing-cpu", passingCpu, "µs/document"),
                Figure.of("routing-cpu", routingCpu, "µs/document"),
                Figure.atLeast("routing-to-passing", routing / passing, "ratio", AIM)));
        return 0;
    }
}

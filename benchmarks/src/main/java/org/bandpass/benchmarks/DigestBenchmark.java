package org.bandpass.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bandpass.benchmarks.DigestAccuracy.Order;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Rank error of the cuts against sorting. */
@Command(
        name = "digest",
        description = "Largest rank error of the cuts at .125, .25 … .875 against sorting, over 1, 6 and 48 merged"
                + " partitions, in four orders of arrival.")
final class DigestBenchmark implements Callable<Integer> {

    private static final int[] PARTITIONS = {1, 6, 48};
    private static final double AIM = 0.0002;
    private static final double AIM_ALTERNATING = 0.001;

    @Option(names = "--scores", defaultValue = "1000000", description = "Scores (default: ${DEFAULT-VALUE}).")
    private int scores = 1_000_000;

    @Mixin
    private FiguresReport report = new FiguresReport();

    @Override
    public Integer call() {
        DigestAccuracy accuracy = new DigestAccuracy(scores);
        List<Figure> figures = new ArrayList<>();
        for (Order order : Order.values()) {
            for (int partitions : PARTITIONS) {
                figures.add(Figure.atMost(
                        "rank-error-" + order.name().toLowerCase(Locale.ROOT) + "-" + partitions,
                        accuracy.worst(order, partitions),
                        "rank",
                        order == Order.ALTERNATING ? AIM_ALTERNATING : AIM));
            }
        }
        report.print(figures);
        return 0;
    }
}

package org.bandpass.selector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rank error of the merged digests against sorting, at the paper's cuts. */
class DigestAccuracyTest {

    private static final double[] CUTS = {0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875};

    enum Order {
        RANDOM,
        SORTED,
        REVERSE,
        ALTERNATING
    }

    static Stream<Arguments> everyOrderAndPartitioning() {
        return Stream.of(Order.values())
                .flatMap(order -> Stream.of(1, 6, 48).map(partitions -> Arguments.of(order, partitions)));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("everyOrderAndPartitioning")
    void staysWithinItsAimAtAMillionScores(Order order, int partitions) {
        check(1_000_000, order, partitions);
    }

    @ParameterizedTest
    @MethodSource("everyOrderAndPartitioning")
    void staysWithinItsAimAtTwoHundredThousandScores(Order order, int partitions) {
        check(200_000, order, partitions);
    }

    private static void check(int count, Order order, int partitions) {
        double[] scores = ordered(scores(count, 5), order);
        byte[] merged = merged(scores, partitions, 1000);
        double aim = order == Order.ALTERNATING ? 0.001 : 0.0002;

        assertThat(worst(RankTable.of(merged), scores)).isLessThanOrEqualTo(aim);
    }

    @Test
    void givesTheSameBytesInWhateverOrderThePartialsArrive() {
        double[] scores = scores(50_000, 9);
        List<StratumDigest> digests = digests(scores, 6, 1000);
        List<Integer> arrival = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
        byte[] expected = merged(scores, 6, 1000);

        for (int i = 0; i < 20; i++) {
            Collections.shuffle(arrival, new Random(i));
            byte[][] latest = new byte[6][];
            arrival.forEach(
                    partition -> latest[partition] = digests.get(partition).partial(0));
            assertThat(ScoreSketch.merge(List.of(latest))).isEqualTo(expected);
        }
    }

    @Test
    void errsByNoMoreThanItsBoundAnywhere() {
        double[] scores = scores(100_000, 21);
        RankTable table = RankTable.of(merged(scores, 6, 1000));
        ExactRanks exact = ExactRanks.of(scores);

        double worst = Arrays.stream(scores)
                .map(score -> Math.abs(table.rank(score) - exact.rank(score)))
                .max()
                .orElseThrow();

        assertThat(worst).isLessThanOrEqualTo(table.rankErrorBound());
    }

    /** Scores as documents have them: a mixture of domains, a long tail, and some ties. */
    static double[] scores(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] centres = {1.2, 2.4, 2.9, 3.3, 3.6, 4.4};
        double[] scores = new double[count];
        for (int i = 0; i < count; i++) {
            double centre = centres[random.nextInt(centres.length)];
            scores[i] = centre * Math.exp(0.25 * random.nextGaussian());
        }
        return scores;
    }

    static double[] ordered(double[] scores, Order order) {
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        double[] ordered = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            ordered[i] = switch (order) {
                case RANDOM -> scores[i];
                case SORTED -> sorted[i];
                case REVERSE -> sorted[scores.length - 1 - i];
                case ALTERNATING -> i % 2 == 0 ? sorted[i / 2] : sorted[scores.length - 1 - i / 2];
            };
        }
        return ordered;
    }

    static byte[] merged(double[] scores, int partitions, int boundary) {
        return ScoreSketch.merge(digests(scores, partitions, boundary).stream()
                .map(digest -> digest.partial(0))
                .toList());
    }

    private static List<StratumDigest> digests(double[] scores, int partitions, int boundary) {
        List<StratumDigest> digests = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            digests.add(new StratumDigest(new DigestRules(boundary, 0, List.of(), 0)));
        }
        for (int i = 0; i < scores.length; i++) {
            StratumDigest digest = digests.get(i % partitions);
            digest.add(scores[i], 0);
            if (digest.isFull()) {
                digest.close();
            }
        }
        return digests;
    }

    static double worst(RankTable table, double[] scores) {
        ExactRanks exact = ExactRanks.of(scores);
        return Arrays.stream(CUTS)
                .map(cut -> Math.abs(exact.rank(table.quantile(cut)) - cut))
                .max()
                .orElseThrow();
    }
}

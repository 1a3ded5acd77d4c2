package org.bandpass.selector.calibrator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import org.bandpass.schemas.ScoreDigest;
import org.bandpass.selector.digest.ExactRanks;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.digest.ScoreSketch;
import org.bandpass.selector.digest.StratumDigest;
import org.bandpass.selector.score.Scored;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rank error of the merged digests against sorting, at the paper's cuts. */
class DigestAccuracyTest {

    private static final double[] CUTS = {0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875};
    private static final int MILLION = 1_000_000;
    private static final Path PILE_LIKE = Path.of("../../shared/data/pile-like.jsonl.gz");
    /** Drawn once for all tests. */
    private static double[] million = {};

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

    @ParameterizedTest
    @MethodSource("everyOrderAndPartitioning")
    void staysWithinItsLimitAtAMillionScoresOfRealDocuments(Order order, int partitions) throws IOException {
        Assumptions.assumeTrue(Files.exists(PILE_LIKE), PILE_LIKE + " is not there");
        if (million.length == 0) {
            million = resampled(compressibility(), MILLION);
        }
        double[] scores = ordered(million, order);
        double limit = order == Order.ALTERNATING ? 0.001 : 0.0002;

        assertThat(worst(RankTable.of(merged(scores, partitions)), scores)).isLessThanOrEqualTo(limit);
    }

    @ParameterizedTest
    @MethodSource("everyOrderAndPartitioning")
    void staysWithinItsLimitAtScoresOfAMixture(Order order, int partitions) {
        double[] scores = ordered(mixture(200_000, 5), order);
        double limit = order == Order.ALTERNATING ? 0.001 : 0.0002;

        assertThat(worst(RankTable.of(merged(scores, partitions)), scores)).isLessThanOrEqualTo(limit);
    }

    @Test
    void membershipDiffersFromSortingByAThousandthAtMostTiesAside() {
        double[] scores = mixture(200_000, 77);
        // One score in fifty is one of seven values, as for templates and boilerplate.
        for (int i = 0; i < scores.length; i += 50) {
            scores[i] = 2 + i % 7;
        }
        ExactRanks exact = new ExactRanks(scores);
        RankTable table = RankTable.of(merged(scores, 6));

        for (double cut : CUTS) {
            double[] otherwise = Arrays.stream(scores)
                    .filter(score -> (table.rank(score) < cut) != (exact.rank(score) < cut))
                    .toArray();
            assertThat(otherwise.length).isLessThanOrEqualTo(scores.length / 1000 + 1 + exact.tiesAt(cut));
            assertThat(Arrays.stream(otherwise)
                            .map(score -> Math.abs(exact.rank(score) - cut))
                            .max()
                            .orElse(0))
                    .isLessThanOrEqualTo(table.rankErrorBound());
        }
    }

    @Test
    void givesTheSameBytesInWhateverOrderThePartialsArrive() {
        List<byte[]> partials = digests(mixture(50_000, 9), 6).stream()
                .map(digest -> digest.partial(0))
                .toList();
        byte[] expected = ScoreSketch.merge(partials);
        List<Integer> arrival = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));

        for (int i = 0; i < 20; i++) {
            Collections.shuffle(arrival, new Random(i));
            LatestPartials latest =
                    new LatestPartials(new TreeStore<String, ScoreDigest>(Comparator.naturalOrder()), 6);
            arrival.forEach(partition -> latest.put(partial(partition, partials.get(partition))));
            assertThat(latest.merged(Scored.MODEL, "all")).isEqualTo(expected);
            assertThat(latest.merged(Scored.MODEL, "domain=empty")).isEmpty();
            assertThat(latest.strata(Scored.MODEL, 1, 256)).isEmpty();
        }
    }

    private static ScoreDigest partial(int partition, byte[] digest) {
        return ScoreDigest.newBuilder()
                .setScoredTopic("scored")
                .setModelRevision(Scored.MODEL)
                .setStratum("all")
                .setPartition(partition)
                .setPartitions(6)
                .setCount(1)
                .setCovered(1)
                .setDigest(ByteBuffer.wrap(digest))
                .build();
    }

    @Test
    void errsByNoMoreThanItsBoundAnywhere() {
        double[] scores = mixture(100_000, 21);
        RankTable table = RankTable.of(merged(scores, 6));
        ExactRanks exact = new ExactRanks(scores);

        double worst = Arrays.stream(scores)
                .map(score -> Math.abs(table.rank(score) - exact.rank(score)))
                .max()
                .orElseThrow();

        assertThat(worst).isLessThanOrEqualTo(table.rankErrorBound());
    }

    /**
     * Returns the nats per byte that Deflate needs for the beginning of each document. The data have no likelihoods; this
     * number is easy to compute, and its distribution differs as much between domains.
     */
    private static double[] compressibility() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Double> natsPerByte = new ArrayList<>();
        Deflater deflater = new Deflater(6, true);
        byte[] packed = new byte[1 << 16];
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(PILE_LIKE)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byte[] text = json.readTree(line).get("text").asText().getBytes(StandardCharsets.UTF_8);
                if (text.length > 0) {
                    int length = Math.min(text.length, 2000);
                    deflater.reset();
                    deflater.setInput(text, 0, length);
                    deflater.finish();
                    natsPerByte.add(deflater.deflate(packed) * 8 * Math.log(2) / length);
                }
            }
        } finally {
            deflater.end();
        }
        return natsPerByte.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[] resampled(double[] values, int count) {
        SplittableRandom random = new SplittableRandom(1);
        double[] resampled = new double[count];
        Arrays.setAll(resampled, i -> values[random.nextInt(values.length)] * (1 + 0.01 * random.nextGaussian()));
        return resampled;
    }

    /** Realistic scores: a mixture of domains with long tails. */
    private static double[] mixture(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] centres = {1.2, 2.4, 2.9, 3.3, 3.6, 4.4};
        double[] scores = new double[count];
        Arrays.setAll(scores, i -> centres[random.nextInt(centres.length)] * Math.exp(0.25 * random.nextGaussian()));
        return scores;
    }

    private static double[] ordered(double[] scores, Order order) {
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

    private static byte[] merged(double[] scores, int partitions) {
        return ScoreSketch.merge(digests(scores, partitions).stream()
                .map(digest -> digest.partial(0))
                .toList());
    }

    /** Spreads scores over partitions at random, as hashing does. */
    private static List<StratumDigest> digests(double[] scores, int partitions) {
        List<StratumDigest> digests = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            digests.add(new StratumDigest(1000, false));
        }
        SplittableRandom placement = new SplittableRandom(partitions);
        for (double score : scores) {
            StratumDigest digest = digests.get(placement.nextInt(partitions));
            digest.add(score, 0);
            if (digest.isFull()) {
                digest.close();
            }
        }
        return digests;
    }

    private static double worst(RankTable table, double[] scores) {
        ExactRanks exact = new ExactRanks(scores);
        return Arrays.stream(CUTS)
                .map(cut -> Math.abs(exact.rank(table.quantile(cut)) - cut))
                .max()
                .orElseThrow();
    }
}

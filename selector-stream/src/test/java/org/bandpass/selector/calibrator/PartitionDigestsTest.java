package org.bandpass.selector.calibrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.runtime.TestSettings;
import org.bandpass.selector.score.Stratification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionDigestsTest {

    private static final Population ALL = new Population("m", "all");

    private static SelectorSettings settings(int boundary, long block, String strata, int mostStrata) {
        return TestSettings.of(
                "topic.partitions=1",
                "calibrator.boundary.scores=" + boundary,
                "calibrator.half.life.documents=" + block,
                "calibrator.strata=" + strata,
                "calibrator.strata.maximum=" + mostStrata);
    }

    /** One score and its strata. */
    private record Sample(double meanNll, List<Population> populations) {}

    private static List<Sample> stream(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Sample> stream = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String model = random.nextInt(10) == 0 ? "other" : "m";
            String domain = "domain=" + (char) ('a' + Math.min(random.nextInt(20), 4));
            stream.add(new Sample(
                    random.nextGaussian(), List.of(new Population(model, "all"), new Population(model, domain))));
        }
        return stream;
    }

    private static void feed(PartitionDigests digests, List<Sample> stream, int from, int to) {
        for (int i = from; i < to; i++) {
            // Every second offset is a gap, as with transaction markers.
            digests.cover(2L * i);
            Sample sample = stream.get(i);
            sample.populations().forEach(population -> digests.add(population, sample.meanNll()));
        }
    }

    private static Map<String, List<Byte>> partials(PartitionDigests digests) {
        Map<String, List<Byte>> partials = new TreeMap<>();
        digests.digests().forEach((population, digest) -> {
            List<Byte> bytes = new ArrayList<>();
            for (byte b : digest.partial(digests.block())) {
                bytes.add(b);
            }
            partials.put(population + " " + digest.total(), bytes);
        });
        return partials;
    }

    @ParameterizedTest
    @CsvSource({"100,0", "7,0", "1,0", "100,450", "64,100"})
    void continuesFromItsStoreAsIfItHadNeverStopped(int boundary, long block) {
        SelectorSettings settings = settings(boundary, block, "domain", 256);
        List<Sample> stream = stream(3000, boundary + block);
        PartitionDigests undisturbed = new PartitionDigests(TreeStore.ofBytes(), settings);
        feed(undisturbed, stream, 0, 3000);

        SplittableRandom random = new SplittableRandom(4);
        TreeStore<byte[], byte[]> store = TreeStore.ofBytes();
        int at = 0;
        while (at < 3000) {
            // A crash loses what is in memory and leaves a copy of the store.
            store = store.copy();
            PartitionDigests restarted = new PartitionDigests(store, settings);
            int to = Math.min(3000, at + 1 + random.nextInt(200));
            partials(restarted);
            feed(restarted, stream, at, to);
            at = to;
        }
        PartitionDigests last = new PartitionDigests(store.copy(), settings);

        assertThat(partials(last)).isEqualTo(partials(undisturbed));
        assertThat(last.covered()).isEqualTo(3000);
        assertThat(last.coveredTo()).isEqualTo(2 * 2999 + 1);
        assertThat(last.covers(5998)).isTrue();
        assertThat(last.covers(5999)).isFalse();
    }

    @Test
    void publishingChangesNothing() {
        SelectorSettings settings = settings(100, 0, "domain", 256);
        List<Sample> stream = stream(1000, 1);
        PartitionDigests quiet = new PartitionDigests(TreeStore.ofBytes(), settings);
        PartitionDigests talkative = new PartitionDigests(TreeStore.ofBytes(), settings);
        feed(quiet, stream, 0, 1000);
        for (int i = 0; i < 1000; i++) {
            feed(talkative, stream, i, i + 1);
            partials(talkative);
        }

        assertThat(partials(talkative)).isEqualTo(partials(quiet));
    }

    @Test
    void keepsModelsApart() {
        PartitionDigests digests = new PartitionDigests(TreeStore.ofBytes(), settings(10, 0, "", 0));
        digests.cover(0);
        digests.add(new Population("one", "all"), 1);
        digests.cover(1);
        digests.add(new Population("two", "all"), 5);

        assertThat(digests.digests().keySet())
                .containsExactly(new Population("one", "all"), new Population("two", "all"));
        assertThat(RankTable.of(digests.digests()
                                .get(new Population("two", "all"))
                                .partial(0))
                        .quantile(0.5))
                .isEqualTo(5);
    }

    @Test
    void refusesLaterStrataAndReportsIt() {
        TreeStore<byte[], byte[]> store = TreeStore.ofBytes();
        SelectorSettings settings = settings(10, 0, "domain", 2);
        PartitionDigests digests = new PartitionDigests(store, settings);
        digests.cover(0);

        assertThat(digests.add(new Population("m", "domain=a"), 1)).isNotNull();
        assertThat(digests.isCrowded("m", Stratification.DOMAIN)).isFalse();
        assertThat(digests.add(new Population("m", "domain=b"), 1)).isNotNull();
        assertThat(digests.add(new Population("m", "domain=c"), 1)).isNull();
        assertThat(digests.add(new Population("m", "language=en"), 1)).isNotNull();
        assertThat(digests.add(ALL, 1)).isNotNull();

        PartitionDigests restored = new PartitionDigests(store.copy(), settings);
        assertThat(restored.isCrowded("m", Stratification.DOMAIN)).isTrue();
        assertThat(restored.isCrowded("m", Stratification.LANGUAGE)).isFalse();
        assertThat(restored.add(new Population("m", "domain=c"), 1)).isNull();
        assertThat(restored.add(new Population("m", "domain=a"), 1)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 50, 1000})
    void losesNothingWhenTheBoundaryChanges(int newBoundary) {
        TreeStore<byte[], byte[]> store = TreeStore.ofBytes();
        List<Sample> stream = stream(950, 8);
        feed(new PartitionDigests(store, settings(100, 0, "domain", 256)), stream, 0, 777);
        SelectorSettings changed = settings(newBoundary, 0, "domain", 256);
        for (int at = 777; at < 950; at++) {
            feed(new PartitionDigests(store, changed), stream, at, at + 1);
        }

        PartitionDigests last = new PartitionDigests(store, changed);
        long counted = last.digests().entrySet().stream()
                .filter(each -> each.getKey().stratum().equals("all"))
                .mapToLong(
                        each -> (long) RankTable.of(each.getValue().partial(0)).weight())
                .sum();
        assertThat(counted).isEqualTo(950);
    }

    @Test
    void removesBlocksWithLittleWeight() {
        TreeStore<byte[], byte[]> store = TreeStore.ofBytes();
        PartitionDigests digests = new PartitionDigests(store, settings(50, 100, "", 0));
        for (int i = 0; i < 10_000; i++) {
            digests.cover(i);
            digests.add(ALL, i < 9000 ? 1 : 2 + i / 1e6);
        }

        RankTable table = RankTable.of(digests.digests().get(ALL).partial(digests.block()));
        assertThat(table.rank(1.5)).isLessThan(0.003);
        assertThat(store.size()).isLessThan(70);
    }
}

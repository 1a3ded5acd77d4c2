package org.bandpass.selector.calibrator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.bandpass.selector.digest.ScoreSketch;
import org.bandpass.selector.digest.StratumDigest;
import org.bandpass.selector.digest.StratumDigest.Generation;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.score.ScoreReader;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * State of the calibrator's first stage for one partition: a digest for each model revision and stratum, and the position
 * in the partition. Every change is written to the store at once; a new instance over the same store is equal.
 *
 * <pre>
 *   position                                      → records covered, offset after the last
 *   generation, revision, stratum, block          → total scores, digest bytes
 *   slot, revision, stratum, ordinal mod boundary → ordinal, block, mean NLL           values after the last boundary
 *   origins, revision                             → how the scores were made, apart from the model
 *   rules                                         → the settings that must not change
 * </pre>
 */
final class PartitionDigests {

    private static final byte POSITION = 0;
    private static final byte GENERATION = 1;
    private static final byte SLOT = 2;
    private static final byte ORIGINS = 3;
    private static final byte RULES = 4;

    private record Slot(long index, long ordinal, long block, double meanNll) {}

    /** What the store has of one population. */
    private record Saved(List<Generation> generations, List<Slot> slots) {}

    private final KeyValueStore<byte[], byte[]> store;
    private final int boundaryScores;
    private final long blockRecords;
    private final int mostStrata;
    private final Map<Population, StratumDigest> digests = new LinkedHashMap<>();
    /** Number of strata by model revision and stratification. */
    private final Map<String, Integer> strata = new HashMap<>();

    private final Map<String, Set<String>> origins = new HashMap<>();
    private long covered;
    private long coveredTo;

    PartitionDigests(KeyValueStore<byte[], byte[]> store, SelectorSettings settings) {
        this.store = store;
        this.boundaryScores = settings.boundaryScores();
        this.blockRecords = settings.blockRecords();
        this.mostStrata = settings.mostStrata();
        requireSameRules(settings.stratifications());
        load();
    }

    /**
     * With another half-life blocks would be renumbered, and strata that were left out before would look complete. The
     * boundary may change. State from before rules were stored takes the current ones.
     */
    private void requireSameRules(List<Stratification> stratifications) {
        String words =
                stratifications.stream().map(Stratification::word).sorted().collect(Collectors.joining(","));
        String rules = "a half-life of " + blockRecords + " documents a partition (0: none), calibrator.strata=" + words
                + ", calibrator.strata.maximum=" + mostStrata;
        byte[] stored = store.putIfAbsent(new byte[] {RULES}, rules.getBytes(StandardCharsets.UTF_8));
        String known = stored == null ? rules : new String(stored, StandardCharsets.UTF_8);
        if (!rules.equals(known)) {
            throw new ProgramFailure("the calibrator's state was made with " + known + ", and the settings are now "
                    + rules
                    + ": the digests cannot be continued. Restore the settings, or stop every calibrator and run"
                    + " 'bandpass calibrate --reset', which deletes the state and digests every score again");
        }
    }

    /** Returns whether a record was counted before: a group may lose its offsets, which the state does not. */
    boolean covers(long offset) {
        return offset < coveredTo;
    }

    /** Counts a record, with or without a score; called before its score is added. */
    void cover(long offset) {
        covered++;
        coveredTo = offset + 1;
        store.put(
                new byte[] {POSITION},
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(covered)
                        .putLong(coveredTo)
                        .array());
    }

    long covered() {
        return covered;
    }

    long coveredTo() {
        return coveredTo;
    }

    long block() {
        return blockRecords == 0 ? 0 : Math.max(0, covered - 1) / blockRecords;
    }

    /** Adds a score to a stratum; returns its digest, or null if the partition has too many strata. */
    @Nullable
    StratumDigest add(Population population, double meanNll) {
        StratumDigest known = digests.get(population);
        StratumDigest digest = known == null ? admit(population) : known;
        if (digest == null) {
            return null;
        }
        long block = block();
        add(population, digest, meanNll, block);
        store.put(
                population.key(SLOT, digest.total() % boundaryScores),
                ByteBuffer.allocate(3 * Long.BYTES)
                        .putLong(digest.total())
                        .putLong(block)
                        .putDouble(meanNll)
                        .array());
        if (digest.isFull()) {
            close(population, digest);
        }
        return digest;
    }

    private void add(Population population, StratumDigest digest, double meanNll, long block) {
        if (digest.mustClose(block)) {
            close(population, digest);
        }
        digest.add(meanNll, block);
    }

    /** Stores how a score was made, apart from its model. */
    void addOrigin(String modelRevision, String origin) {
        Set<String> known = origins.computeIfAbsent(modelRevision, revision -> new TreeSet<>());
        if (known.add(origin)) {
            store.put(
                    Population.all(modelRevision).key(ORIGINS, 0),
                    String.join("\n", known).getBytes(StandardCharsets.UTF_8));
        }
    }

    List<String> origins(String modelRevision) {
        return List.copyOf(origins.getOrDefault(modelRevision, Set.of()));
    }

    Map<Population, StratumDigest> digests() {
        return digests;
    }

    /** Returns whether a stratification has as many strata as allowed, so that later ones were not admitted. */
    boolean isCrowded(String modelRevision, Stratification stratification) {
        return strata.getOrDefault(modelRevision + "/" + stratification.word(), 0) >= mostStrata;
    }

    private @Nullable StratumDigest admit(Population population) {
        if (!population.isAll()) {
            int before = strata.getOrDefault(crowd(population), 0);
            if (before >= mostStrata) {
                return null;
            }
            strata.put(crowd(population), before + 1);
        }
        StratumDigest digest = new StratumDigest(boundaryScores, blockRecords > 0);
        digests.put(population, digest);
        return digest;
    }

    private static String crowd(Population population) {
        return population.modelRevision() + "/" + population.stratum().split("=", 2)[0];
    }

    private void close(Population population, StratumDigest digest) {
        Generation closed = digest.close();
        store.put(
                population.key(GENERATION, closed.block()),
                ByteBuffer.allocate(Long.BYTES + closed.digest().length)
                        .putLong(closed.total())
                        .put(closed.digest())
                        .array());
        for (Generation old : digest.removeOld(block())) {
            store.delete(population.key(GENERATION, old.block()));
        }
    }

    private void load() {
        Map<Population, Saved> saved = new LinkedHashMap<>();
        try (KeyValueIterator<byte[], byte[]> entries = store.all()) {
            entries.forEachRemaining(entry -> load(entry.key, ByteBuffer.wrap(entry.value), saved));
        }
        saved.forEach(this::restore);
    }

    private void load(byte[] key, ByteBuffer value, Map<Population, Saved> all) {
        if (key[0] == POSITION) {
            covered = value.getLong();
            coveredTo = value.getLong();
        } else if (key[0] == ORIGINS) {
            String words = StandardCharsets.UTF_8.decode(value).toString();
            origins.put(Population.of(key).modelRevision(), new TreeSet<>(Arrays.asList(words.split("\n", -1))));
        } else if (key[0] != RULES) {
            Saved saved = all.computeIfAbsent(
                    Population.of(key), population -> new Saved(new ArrayList<>(), new ArrayList<>()));
            long number = Population.number(key);
            long total = value.getLong();
            if (key[0] == SLOT) {
                saved.slots().add(new Slot(number, total, value.getLong(), value.getDouble()));
            } else {
                saved.generations().add(new Generation(number, total, ScoreSketch.bytes(value)));
            }
        }
    }

    private void restore(Population population, Saved saved) {
        StratumDigest digest = new StratumDigest(boundaryScores, blockRecords > 0);
        saved.generations().stream()
                .sorted(Comparator.comparingLong(Generation::block))
                .forEach(digest::restore);
        long boundary = digest.total();
        List<Slot> since = saved.slots().stream()
                .filter(slot -> slot.ordinal() > boundary)
                .sorted(Comparator.comparingLong(Slot::ordinal))
                .toList();
        // Slots saved under a longer boundary may be too many for a shorter one.
        since.forEach(slot -> add(population, digest, slot.meanNll(), slot.block()));
        // Slots numbered for another boundary could be overwritten before the next one.
        if (digest.hasPending() && since.stream().anyMatch(slot -> slot.index() != slot.ordinal() % boundaryScores)) {
            close(population, digest);
        }
        digests.put(population, digest);
        // Scores from before origins were stored have none.
        origins.computeIfAbsent(
                population.modelRevision(), revision -> new TreeSet<>(List.of(ScoreReader.ORIGIN_NOT_RECORDED)));
        if (!population.isAll()) {
            strata.merge(crowd(population), 1, Integer::sum);
        }
    }
}

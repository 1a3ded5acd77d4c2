package org.bandpass.selector.calibrator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.bandpass.selector.digest.StratumDigest;
import org.bandpass.selector.digest.StratumDigest.Generation;
import org.bandpass.selector.score.ScoreOrigin;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * State of the calibrator's first stage for one partition: a digest for each model revision and stratum, and how far the
 * partition was read. Every change is written to the store at once; a new instance over the same store is equal.
 *
 * <pre>
 *   position                                      → records covered, offset after the last
 *   generation, revision, stratum, block          → scores in all, digest bytes
 *   slot, revision, stratum, ordinal mod boundary → ordinal, block, mean NLL           values since the last boundary
 *   origins, revision                             → how the scores were made beside the model
 *   rules                                         → the rules that must not change
 * </pre>
 */
final class PartitionDigests {

    private static final byte POSITION = 0;
    private static final byte GENERATION = 1;
    private static final byte SLOT = 2;
    private static final byte ORIGINS = 3;
    private static final byte RULES = 4;

    private record Slot(long index, long ordinal, long block, double meanNll) {}

    private final KeyValueStore<byte[], byte[]> store;
    private final DigestRules rules;
    private final Map<Population, StratumDigest> digests = new LinkedHashMap<>();
    private final Map<String, Integer> strata = new HashMap<>();
    private final Map<String, Set<String>> origins = new HashMap<>();
    private long covered;
    private long coveredTo;

    PartitionDigests(KeyValueStore<byte[], byte[]> store, DigestRules rules) {
        this.store = store;
        this.rules = rules;
        requireSameRules();
        load();
    }

    /** State that was written before rules were stored takes the current ones. */
    private void requireSameRules() {
        byte[] key = {RULES};
        String lasting = rules.lasting();
        byte[] stored = store.putIfAbsent(key, lasting.getBytes(StandardCharsets.UTF_8));
        String known = stored == null ? lasting : new String(stored, StandardCharsets.UTF_8);
        if (!lasting.equals(known)) {
            throw new ProgramFailure(
                    "the calibrator's state was made with " + known + ", and the settings are now " + lasting
                            + ": digests of the two cannot be continued. Set them back, or stop every calibrator and run"
                            + " 'bandpass calibrate --reset', which forgets the state and digests every score again");
        }
    }

    /** Returns whether a record was counted before: offsets of a group may be lost, the state is not. */
    boolean covers(long offset) {
        return offset < coveredTo;
    }

    /** Counts a record, whether or not it has a score; before its score is added. */
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

    /** Returns records read. */
    long covered() {
        return covered;
    }

    /** Returns the offset after the last record read. */
    long coveredTo() {
        return coveredTo;
    }

    /** Returns the block that the last record belongs to. */
    long block() {
        return rules.blockOf(Math.max(0, covered - 1));
    }

    /** Adds a score to a stratum; returns its digest, or null where the partition keeps as many strata as it may. */
    @Nullable
    StratumDigest add(Population population, double meanNll) {
        StratumDigest known = digests.get(population);
        StratumDigest digest = known == null ? admit(population) : known;
        if (digest == null) {
            return null;
        }
        long block = block();
        if (digest.mustClose(block)) {
            close(population, digest);
        }
        digest.add(meanNll, block);
        store.put(
                population.key(SLOT, digest.total() % rules.boundaryScores()),
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

    /** Notes how a score was made beside its model. */
    void made(String modelRevision, String origin) {
        Set<String> known = origins.computeIfAbsent(modelRevision, revision -> new TreeSet<>());
        if (known.add(origin)) {
            store.put(
                    Population.all(modelRevision).key(ORIGINS, 0),
                    String.join("\n", known).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Returns how the scores of a model were made beside it, each way once. */
    List<String> origins(String modelRevision) {
        return List.copyOf(origins.getOrDefault(modelRevision, Set.of()));
    }

    /** Returns the digests in the order in which their strata appeared in the partition. */
    Map<Population, StratumDigest> digests() {
        return digests;
    }

    /** Returns whether the strata of a stratification are as many as may be, so that later ones were not admitted. */
    boolean isCrowded(String modelRevision, Stratification stratification) {
        return strata.getOrDefault(crowd(modelRevision, stratification.word()), 0) >= rules.mostStrata();
    }

    private @Nullable StratumDigest admit(Population population) {
        if (!population.isAll()) {
            String crowd = crowd(population);
            int before = strata.getOrDefault(crowd, 0);
            if (before >= rules.mostStrata()) {
                return null;
            }
            strata.put(crowd, before + 1);
        }
        StratumDigest digest = rules.emptyDigest();
        digests.put(population, digest);
        return digest;
    }

    private void close(Population population, StratumDigest digest) {
        Generation closed = digest.close();
        store.put(
                population.key(GENERATION, closed.block()),
                ByteBuffer.allocate(Long.BYTES + closed.digest().length)
                        .putLong(closed.total())
                        .put(closed.digest())
                        .array());
        for (Generation forgotten : digest.forget(block())) {
            store.delete(population.key(GENERATION, forgotten.block()));
        }
    }

    private void load() {
        Map<Population, List<Generation>> generations = new LinkedHashMap<>();
        Map<Population, List<Slot>> slots = new LinkedHashMap<>();
        try (KeyValueIterator<byte[], byte[]> entries = store.all()) {
            while (entries.hasNext()) {
                KeyValue<byte[], byte[]> entry = entries.next();
                load(entry.key, ByteBuffer.wrap(entry.value), generations, slots);
            }
        }
        generations.keySet().forEach(population -> slots.computeIfAbsent(population, p -> new ArrayList<>()));
        slots.forEach(
                (population, values) -> restore(population, generations.getOrDefault(population, List.of()), values));
    }

    private void load(
            byte[] key,
            ByteBuffer value,
            Map<Population, List<Generation>> generations,
            Map<Population, List<Slot>> slots) {
        if (key[0] == POSITION) {
            covered = value.getLong();
            coveredTo = value.getLong();
            return;
        }
        if (key[0] == RULES) {
            return;
        }
        Population population = Population.of(key);
        if (key[0] == ORIGINS) {
            String words = StandardCharsets.UTF_8.decode(value).toString();
            origins.put(population.modelRevision(), new TreeSet<>(Arrays.asList(words.split("\n", -1))));
            return;
        }
        if (key[0] == SLOT) {
            slots.computeIfAbsent(population, p -> new ArrayList<>())
                    .add(new Slot(Population.number(key), value.getLong(), value.getLong(), value.getDouble()));
            return;
        }
        long total = value.getLong();
        byte[] digest = new byte[value.remaining()];
        value.get(digest);
        generations
                .computeIfAbsent(population, p -> new ArrayList<>())
                .add(new Generation(Population.number(key), total, digest));
    }

    private void restore(Population population, Collection<Generation> generations, Collection<Slot> slots) {
        StratumDigest digest = rules.emptyDigest();
        generations.stream().sorted(Comparator.comparingLong(Generation::block)).forEach(digest::restore);
        long boundary = digest.total();
        List<Slot> since = slots.stream()
                .filter(slot -> slot.ordinal() > boundary)
                .sorted(Comparator.comparingLong(Slot::ordinal))
                .toList();
        since.forEach(slot -> replay(population, digest, slot));
        // Slots laid out for another boundary could be overwritten before the next one.
        if (digest.hasPending()
                && since.stream().anyMatch(slot -> slot.index() != slot.ordinal() % rules.boundaryScores())) {
            close(population, digest);
        }
        digests.put(population, digest);
        // Scores digested before origins were stored have none.
        origins.computeIfAbsent(
                population.modelRevision(), revision -> new TreeSet<>(List.of(ScoreOrigin.NOT_RECORDED)));
        if (!population.isAll()) {
            strata.merge(crowd(population), 1, Integer::sum);
        }
    }

    /** Slots saved under a longer boundary may be more than fit under a shorter one. */
    private void replay(Population population, StratumDigest digest, Slot slot) {
        if (digest.mustClose(slot.block())) {
            close(population, digest);
        }
        digest.add(slot.meanNll(), slot.block());
    }

    private static String crowd(Population population) {
        return crowd(population.modelRevision(), population.stratum().split("=", 2)[0]);
    }

    private static String crowd(String modelRevision, String stratification) {
        return modelRevision + "/" + stratification;
    }
}

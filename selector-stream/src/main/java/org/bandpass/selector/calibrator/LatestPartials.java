package org.bandpass.selector.calibrator;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.bandpass.schemas.ScoreDigest;
import org.bandpass.selector.digest.ScoreSketch;
import org.bandpass.selector.score.Stratification;
import org.jspecify.annotations.Nullable;

/**
 * State of the calibrator's second stage: the latest partial digest of each model revision, stratum and partition. The
 * digests stay in the store; what decides about publishing is kept beside it in memory.
 */
final class LatestPartials {

    /** Model revision of the partial of a partition that holds no score of any. */
    static final String NO_MODEL = "";

    /** A partial without its digest; {@code coveredTo} is -1 where something may be missing. */
    private record Summary(
            String key, long count, long covered, long coveredTo, List<String> crowded, List<String> origins) {}

    private final KeyValueStore<String, ScoreDigest> store;
    private final int partitions;
    /** By revision, stratum, partition. */
    private final Map<String, Map<String, Map<Integer, Summary>>> summaries = new TreeMap<>();

    LatestPartials(KeyValueStore<String, ScoreDigest> store, int partitions) {
        this.store = store;
        this.partitions = partitions;
        try (KeyValueIterator<String, ScoreDigest> entries = store.all()) {
            while (entries.hasNext()) {
                KeyValue<String, ScoreDigest> entry = entries.next();
                index(entry.key, entry.value);
            }
        }
    }

    void put(String key, ScoreDigest digest) {
        store.put(key, digest);
        index(key, digest);
    }

    private void index(String key, ScoreDigest digest) {
        summaries
                .computeIfAbsent(digest.getModelRevision(), revision -> new HashMap<>())
                .computeIfAbsent(digest.getStratum(), stratum -> new TreeMap<>())
                .put(
                        digest.getPartition(),
                        new Summary(
                                key,
                                digest.getCount(),
                                digest.getCovered(),
                                digest.getCoveredTo(),
                                digest.getCrowded(),
                                digest.getOrigins()));
    }

    /** Returns the models of which there are scores. */
    List<String> modelRevisions() {
        return summaries.keySet().stream()
                .filter(revision -> !revision.equals(NO_MODEL))
                .toList();
    }

    /** Returns how the scores of a model were made beside it, each way once. */
    List<String> origins(String modelRevision) {
        return of(modelRevision, Stratification.ALL_SCORES).values().stream()
                .flatMap(summary -> summary.origins().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns the scores of a stratum over all partitions. */
    long count(String modelRevision, String stratum) {
        return of(modelRevision, stratum).values().stream()
                .mapToLong(Summary::count)
                .sum();
    }

    /** Returns records covered by partition. */
    List<Long> covered(String modelRevision) {
        return byPartition(modelRevision, 0, Summary::covered);
    }

    /** Returns by partition the offset up to which nothing is missing, -1 where something may be. */
    List<Long> coveredTo(String modelRevision) {
        return byPartition(modelRevision, -1, Summary::coveredTo);
    }

    private List<Long> byPartition(String modelRevision, long unknown, ToLongFunction<Summary> value) {
        List<Long> values = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            Summary summary = whole(modelRevision, p);
            values.add(summary == null ? unknown : value.applyAsLong(summary));
        }
        return values;
    }

    /**
     * A partition publishes a model's first score at once. If it has published nothing of this model, its coverage for
     * another model holds for this one too.
     */
    private @Nullable Summary whole(String modelRevision, int partition) {
        Summary own = of(modelRevision, Stratification.ALL_SCORES).get(partition);
        if (own != null) {
            return own;
        }
        return summaries.keySet().stream()
                .map(revision -> of(revision, Stratification.ALL_SCORES).get(partition))
                .filter(summary -> summary != null)
                .max(Comparator.comparingLong(Summary::covered))
                .orElse(null);
    }

    /**
     * Returns the strata that get cuts, without 'all', by name: those with the count, the largest of each stratification
     * where there are too many, and none of which a crowded partition may have turned scores away.
     */
    List<String> strata(String modelRevision, long minimumCount, int most) {
        List<String> strata = new ArrayList<>();
        for (Stratification stratification : Stratification.values()) {
            if (stratification != Stratification.ALL) {
                summaries.getOrDefault(modelRevision, Map.of()).keySet().stream()
                        .filter(stratum -> !Stratification.isAll(stratum))
                        .filter(stratification::includes)
                        .filter(stratum -> count(modelRevision, stratum) >= minimumCount)
                        .filter(stratum -> isWhole(modelRevision, stratum, stratification))
                        .sorted(Comparator.comparingLong((String stratum) -> -count(modelRevision, stratum))
                                .thenComparing(Comparator.naturalOrder()))
                        .limit(most)
                        .forEach(strata::add);
            }
        }
        strata.sort(Comparator.naturalOrder());
        return strata;
    }

    private boolean isWhole(String modelRevision, String stratum, Stratification stratification) {
        Map<Integer, Summary> parts = of(modelRevision, stratum);
        return of(modelRevision, Stratification.ALL_SCORES).entrySet().stream()
                .allMatch(whole -> parts.containsKey(whole.getKey())
                        || !whole.getValue().crowded().contains(stratification.word()));
    }

    /** Returns one digest of a stratum, merged from its partial digests in partition order. */
    byte[] merged(String modelRevision, String stratum) {
        List<byte[]> digests = new ArrayList<>();
        for (Summary summary : of(modelRevision, stratum).values()) {
            ByteBuffer digest = store.get(summary.key()).getDigest();
            byte[] bytes = new byte[digest.remaining()];
            digest.get(bytes);
            digests.add(bytes);
        }
        return ScoreSketch.merge(digests);
    }

    private Map<Integer, Summary> of(String modelRevision, String stratum) {
        return summaries.getOrDefault(modelRevision, Map.of()).getOrDefault(stratum, Map.of());
    }
}

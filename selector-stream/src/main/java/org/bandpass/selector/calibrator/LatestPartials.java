package org.bandpass.selector.calibrator;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.bandpass.schemas.ScoreDigest;
import org.bandpass.selector.digest.ScoreSketch;
import org.bandpass.selector.score.Stratification;
import org.jspecify.annotations.Nullable;

/**
 * State of the calibrator's second stage: the latest partial digest of each model revision, stratum and partition. The
 * digests stay in the store; the other fields, which decide about publishing, are also in memory.
 */
final class LatestPartials {

    /** Model revision in the partial of a partition without any score. */
    static final String NO_MODEL = "";

    private final KeyValueStore<String, ScoreDigest> store;
    private final int partitions;
    /** Partials without their digests, by revision, stratum, partition. */
    private final Map<String, Map<String, Map<Integer, ScoreDigest>>> summaries = new TreeMap<>();

    LatestPartials(KeyValueStore<String, ScoreDigest> store, int partitions) {
        this.store = store;
        this.partitions = partitions;
        try (KeyValueIterator<String, ScoreDigest> entries = store.all()) {
            entries.forEachRemaining(entry -> index(entry.value));
        }
    }

    static String key(ScoreDigest partial) {
        return partial.getScoredTopic() + "/" + partial.getModelRevision() + "/" + partial.getStratum() + "/"
                + partial.getPartition();
    }

    void put(ScoreDigest partial) {
        store.put(key(partial), partial);
        index(partial);
    }

    private void index(ScoreDigest partial) {
        ScoreDigest summary = ScoreDigest.newBuilder(partial)
                .setDigest(ByteBuffer.allocate(0))
                .build();
        summaries
                .computeIfAbsent(partial.getModelRevision(), revision -> new HashMap<>())
                .computeIfAbsent(partial.getStratum(), stratum -> new TreeMap<>())
                .put(partial.getPartition(), summary);
    }

    /** Returns the models that have scores. */
    List<String> modelRevisions() {
        return summaries.keySet().stream()
                .filter(revision -> !revision.equals(NO_MODEL))
                .toList();
    }

    List<String> origins(String modelRevision) {
        return of(modelRevision, Stratification.ALL_SCORES).values().stream()
                .flatMap(summary -> summary.getOrigins().stream())
                .distinct()
                .sorted()
                .toList();
    }

    long count(String modelRevision, String stratum) {
        return of(modelRevision, stratum).values().stream()
                .mapToLong(ScoreDigest::getCount)
                .sum();
    }

    /** Returns by partition the number of covered records. */
    List<Long> covered(String modelRevision) {
        return byPartition(modelRevision, 0, ScoreDigest::getCovered);
    }

    /** Returns by partition the offset up to which nothing is missing, -1 if unknown. */
    List<Long> coveredTo(String modelRevision) {
        return byPartition(modelRevision, -1, ScoreDigest::getCoveredTo);
    }

    private List<Long> byPartition(String modelRevision, long unknown, ToLongFunction<ScoreDigest> value) {
        List<Long> values = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            ScoreDigest summary = whole(modelRevision, p);
            values.add(summary == null ? unknown : value.applyAsLong(summary));
        }
        return values;
    }

    /**
     * A partition publishes a model's first score at once. If it has published nothing of this model, its coverage for
     * another model applies.
     */
    private @Nullable ScoreDigest whole(String modelRevision, int partition) {
        ScoreDigest own = of(modelRevision, Stratification.ALL_SCORES).get(partition);
        if (own != null) {
            return own;
        }
        return summaries.keySet().stream()
                .map(revision -> of(revision, Stratification.ALL_SCORES).get(partition))
                .filter(summary -> summary != null)
                .max(Comparator.comparingLong(ScoreDigest::getCovered))
                .orElse(null);
    }

    /**
     * Returns the strata that get cuts, except 'all', by name: those with enough scores, at most the largest {@code
     * most} of each stratification, and none from which a crowded partition may have left out scores.
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
        Map<Integer, ScoreDigest> parts = of(modelRevision, stratum);
        return of(modelRevision, Stratification.ALL_SCORES).entrySet().stream()
                .allMatch(whole -> parts.containsKey(whole.getKey())
                        || !whole.getValue().getCrowded().contains(stratification.word()));
    }

    /** Merges the partial digests of a stratum in partition order. */
    byte[] merged(String modelRevision, String stratum) {
        return ScoreSketch.merge(of(modelRevision, stratum).values().stream()
                .map(summary -> ScoreSketch.bytes(store.get(key(summary)).getDigest()))
                .toList());
    }

    private Map<Integer, ScoreDigest> of(String modelRevision, String stratum) {
        return summaries.getOrDefault(modelRevision, Map.of()).getOrDefault(stratum, Map.of());
    }
}

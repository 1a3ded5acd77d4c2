package org.bandpass.selector.cuts;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.runtime.RecordEnds;
import org.bandpass.selector.score.ScoreOrigin;
import org.bandpass.selector.score.Stratification;
import org.jspecify.annotations.Nullable;

/**
 * One published version of the cuts.
 *
 * @param id what it is called
 * @param strata cuts by stratum; 'all' among them
 * @param publishedAt milliseconds since 1970
 */
public record CutsVersion(Id id, SortedMap<String, Cuts> strata, long publishedAt) {

    /** Names a version: versions count from 1 for each scored topic and model revision. */
    public record Id(String scoredTopic, String modelRevision, int version) implements Comparable<Id> {

        private static final Comparator<Id> ORDER = Comparator.comparing(Id::scoredTopic)
                .thenComparing(Id::modelRevision)
                .thenComparingInt(Id::version);

        static Id of(Cuts cuts) {
            return new Id(cuts.getScoredTopic(), cuts.getModelRevision(), cuts.getVersion());
        }

        @Override
        public int compareTo(Id other) {
            return ORDER.compare(this, other);
        }
    }

    public CutsVersion {
        strata = Collections.unmodifiableSortedMap(new TreeMap<>(strata));
    }

    /** Returns the cuts of all scores. */
    public Cuts all() {
        Cuts all = strata.get(Stratification.ALL_SCORES);
        if (all == null) {
            throw new IllegalStateException("version " + id.version() + " of the cuts has no stratum 'all'");
        }
        return all;
    }

    /** Returns whether a plan carries a copy of a version. */
    public static boolean isFrozenIn(Id id, Plan plan) {
        Integer version = plan.getCutsVersion();
        return version != null && id.equals(new Id(plan.getScoredTopic(), plan.getModelRevision(), version));
    }

    /** Returns whether these cuts account for every record before these offsets. */
    public boolean covers(RecordEnds ends) {
        List<Long> coveredTo = all().getCoveredTo();
        return ends.offsets().entrySet().stream()
                .allMatch(end -> end.getValue() == 0
                        || (end.getKey() < coveredTo.size() && coveredTo.get(end.getKey()) >= end.getValue()));
    }

    /** Returns whether scores are known to be made in different ways, so that one rank means two things. */
    public boolean isMixed() {
        return recordedOrigins(all()).size() > 1;
    }

    /** Returns the known ways in which the scores were made. */
    public String origins() {
        return words(recordedOrigins(all()));
    }

    /** Returns what to warn of about the ways in which the scores under some cuts were made, or null. */
    public static @Nullable String warning(Cuts all) {
        List<String> recorded = recordedOrigins(all);
        if (recorded.size() > 1) {
            return "the cuts of model revision " + all.getModelRevision() + " are over a mixture of scores: "
                    + words(recorded) + "; plans are made of them only with --mix-revisions";
        }
        return recorded.isEmpty() || recorded.size() == all.getOrigins().size()
                ? null
                : "some scores of model revision " + all.getModelRevision() + " do not record how they were made; they"
                        + " count as made with " + words(recorded);
    }

    private static List<String> recordedOrigins(Cuts all) {
        return all.getOrigins().stream()
                .filter(way -> !way.equals(ScoreOrigin.NOT_RECORDED))
                .toList();
    }

    private static String words(List<String> ways) {
        return ways.stream().map(way -> "(" + way + ")").collect(Collectors.joining(" and "));
    }
}

package org.bandpass.selector.cuts;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.runtime.RecordEnds;
import org.bandpass.selector.score.ScoreReader;
import org.bandpass.selector.score.Stratification;
import org.jspecify.annotations.Nullable;

/** One published version of the cuts by stratum, including 'all'; {@code publishedAt} in milliseconds since 1970. */
public record CutsVersion(Id id, SortedMap<String, Cuts> strata, long publishedAt) {

    /** Versions count from 1 for each scored topic and model revision. */
    public record Id(String scoredTopic, String modelRevision, int version) {

        static final Comparator<Id> ORDER = Comparator.comparing(Id::scoredTopic)
                .thenComparing(Id::modelRevision)
                .thenComparingInt(Id::version);

        static Id of(Cuts cuts) {
            return new Id(cuts.getScoredTopic(), cuts.getModelRevision(), cuts.getVersion());
        }

        /** Returns whether a plan has a copy of this version. */
        public boolean isFrozenIn(Plan plan) {
            Integer frozen = plan.getCutsVersion();
            return frozen != null && equals(new Id(plan.getScoredTopic(), plan.getModelRevision(), frozen));
        }
    }

    public Cuts all() {
        return Objects.requireNonNull(strata.get(Stratification.ALL_SCORES));
    }

    /** Returns whether the cuts account for every record before these ends. */
    public boolean covers(RecordEnds ends) {
        List<Long> coveredTo = all().getCoveredTo();
        return ends.offsets().entrySet().stream()
                .allMatch(end -> end.getValue() == 0
                        || (end.getKey() < coveredTo.size() && coveredTo.get(end.getKey()) >= end.getValue()));
    }

    /** Returns whether the scores have different origins, so that one rank means two things. */
    public boolean isMixed() {
        return recordedOrigins(all()).size() > 1;
    }

    /** Returns a warning about the origins of the scores in some cuts, or null. */
    public static @Nullable String warning(Cuts all) {
        List<String> recorded = recordedOrigins(all);
        if (recorded.size() > 1) {
            return "the cuts of model revision " + all.getModelRevision() + " are over a mixture of scores: "
                    + words(recorded) + "; a rank in them means two things. Score one part again into another topic, or"
                    + " accept the mixture with --mix-revisions when a plan is made";
        }
        return recorded.isEmpty() || recorded.size() == all.getOrigins().size()
                ? null
                : "some scores of model revision " + all.getModelRevision() + " do not record how they were made;"
                        + " Bandpass assumes " + words(recorded);
    }

    private static List<String> recordedOrigins(Cuts all) {
        return all.getOrigins().stream()
                .filter(origin -> !origin.equals(ScoreReader.ORIGIN_NOT_RECORDED))
                .toList();
    }

    private static String words(List<String> origins) {
        return origins.stream().map(origin -> "(" + origin + ")").collect(Collectors.joining(" and "));
    }
}

package org.bandpass.selector.cuts;

import java.util.List;
import java.util.stream.Collectors;
import org.bandpass.schemas.Cuts;
import org.bandpass.selector.score.ScoreOrigin;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which the scores under some cuts were made beside their model: see {@link ScoreOrigin}.
 *
 * @param recorded each way that is known, once
 * @param complete whether every score records its way
 */
public record Origins(List<String> recorded, boolean complete) {

    /** Returns those of the scores under a version of the cuts; {@code all} is its stratum of that name. */
    public static Origins of(Cuts all) {
        List<String> ways = all.getOrigins();
        return new Origins(
                ways.stream()
                        .filter(way -> !way.equals(ScoreOrigin.NOT_RECORDED))
                        .toList(),
                !ways.contains(ScoreOrigin.NOT_RECORDED));
    }

    /** Returns whether scores are known to be made in different ways, so that one rank means two things. */
    public boolean areMixed() {
        return recorded.size() > 1;
    }

    /** Returns what to warn of, or null. */
    public @Nullable String warning(String modelRevision) {
        if (areMixed()) {
            return "the cuts of model revision " + modelRevision + " are over a mixture of scores: " + words()
                    + "; plans are made of them only with --mix-revisions";
        }
        return recorded.isEmpty() || complete
                ? null
                : "some scores of model revision " + modelRevision + " do not record how they were made; they are taken"
                        + " for made with " + words();
    }

    /** Returns the known ways in words. */
    public String words() {
        return recorded.stream().map(way -> "(" + way + ")").collect(Collectors.joining(" and "));
    }
}

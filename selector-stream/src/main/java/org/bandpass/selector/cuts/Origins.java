package org.bandpass.selector.cuts;

import java.util.List;
import java.util.stream.Collectors;
import org.bandpass.schemas.Cuts;
import org.bandpass.selector.score.ScoreOrigin;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which the scores under some cuts were made beside their model: see {@link ScoreOrigin}.
 *
 * @param ways each once
 */
public record Origins(List<String> ways) {

    public Origins {
        ways = List.copyOf(ways);
    }

    public static Origins of(Cuts all) {
        return new Origins(all.getOrigins());
    }

    /** Returns whether scores are known to be made in different ways, so that one rank means two things. */
    public boolean areMixed() {
        return recorded().size() > 1;
    }

    /** Returns what to warn of, or null. */
    @Nullable
    public String warning(String modelRevision) {
        if (areMixed()) {
            return "the cuts of model revision " + modelRevision + " are over a mixture of scores: " + words()
                    + "; plans are made of them only with --mix-revisions";
        }
        return !recorded().isEmpty() && ways.contains(ScoreOrigin.NOT_RECORDED)
                ? "some scores of model revision " + modelRevision + " do not record how they were made; they are taken"
                        + " for made with " + words()
                : null;
    }

    /** Returns the known ways in words. */
    public String words() {
        return recorded().stream().map(way -> "(" + way + ")").collect(Collectors.joining(" and "));
    }

    private List<String> recorded() {
        return ways.stream()
                .filter(way -> !way.equals(ScoreOrigin.NOT_RECORDED))
                .toList();
    }
}

package org.bandpass.eval.results;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.bandpass.eval.profile.Profile;

/**
 * The scores that the paper published for its authors' models. They are not measured here.
 *
 * @param source where they stand
 * @param measure what they are
 * @param profile the profile whose scores compare with them
 * @param context tokens of context that this takes
 * @param categories of the scores of each row, in order
 */
public record PublishedScores(
        String source, String measure, String profile, int context, List<String> categories, List<Row> rows) {

    private static final String RESOURCE = "published-scores.json";

    public PublishedScores {
        categories = List.copyOf(categories);
        rows = List.copyOf(rows);
    }

    /**
     * One model.
     *
     * @param data its training data
     * @param size number of its parameters
     * @param pruning which band of perplexity was kept: none (no pruning), low, medium or high
     */
    public record Row(String data, String size, String pruning, List<Double> scores, double average) {

        public Row {
            scores = List.copyOf(scores);
        }
    }

    static PublishedScores load() {
        try (InputStream json = Objects.requireNonNull(PublishedScores.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new ObjectMapper().readValue(json, PublishedScores.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns whether a score compares with these: same profile, whole tasks, all of them, the context of the paper. */
    public boolean comparable(ProfileScores scores, FinalScore score) {
        return scores.profile().equals(Profile.named(profile))
                && scores.limit() == 0
                && score.longestPrompt() >= context
                && score.unfinished().isEmpty()
                && !score.figures().average().partial();
    }
}

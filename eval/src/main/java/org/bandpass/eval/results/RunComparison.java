package org.bandpass.eval.results;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs side by side: everything that the page, the table and the JSON of {@code report RUN…} show.
 *
 * @param runs the control first where there is one
 * @param control id of the run that the others are compared with; null where there is none
 * @param profiles by name, whole tasks before subsets of rows
 * @param unknown profiles of scores that are left out, with their version
 * @param imported scores that other harnesses computed, by run id
 */
public record RunComparison(
        List<ComparedRun> runs,
        @Nullable String control,
        List<ProfileScores> profiles,
        List<UnknownProfile> unknown,
        Map<String, List<ImportedScore>> imported,
        PublishedScores published) {

    /** Scores that cannot be shown: of a profile, or a version of one, that is not known here. */
    public record UnknownProfile(String run, String profile, String version) {}
}

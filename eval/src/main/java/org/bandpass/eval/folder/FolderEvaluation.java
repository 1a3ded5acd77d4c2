package org.bandpass.eval.folder;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bandpass.eval.figures.GauntletFigures;
import org.bandpass.eval.figures.ScoredTask;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.Profile;
import org.jspecify.annotations.Nullable;

/**
 * A model's scores in a profile, and what a reader has to know to compare them.
 *
 * @param profile the whole one, even where only some of its tasks were scored
 * @param scored by key of the task
 */
public record FolderEvaluation(Model model, Profile profile, Sizes sizes, Map<String, ScoredTask> scored) {

    /** Longest prompt of the paper's evaluation, in tokens. */
    private static final int PAPER_LONGEST = 2048;

    /**
     * A model.
     *
     * @param folder as the user wrote it
     */
    public record Model(String folder, String revision, String tokenizerRevision) {}

    /**
     * How much of a task was scored.
     *
     * @param limit most rows of a task; null for all
     * @param longestPrompt most tokens of prompt and answer
     * @param seconds that it took
     */
    public record Sizes(@Nullable Integer limit, int longestPrompt, double seconds) {}

    public GauntletFigures figures() {
        return GauntletFigures.of(profile, scored);
    }

    /** Returns what stands beside every mean: how the numbers differ from those of the whole profile. */
    public List<String> limits(GauntletFigures figures) {
        List<String> limits = new ArrayList<>();
        if (figures.average().partial()) {
            limits.add(figures.average().remark());
        }
        if (sizes.limit() != null) {
            limits.add("at most " + sizes.limit() + " rows a task");
        }
        if (sizes.longestPrompt() < PAPER_LONGEST) {
            limits.add(String.format(Locale.ROOT, "prompts of at most %,d tokens", sizes.longestPrompt()));
        }
        List<String> rebuilt = scored.values().stream()
                .filter(task -> task.state() == DataState.REBUILT)
                .map(task -> task.task().label())
                .distinct()
                .toList();
        if (!rebuilt.isEmpty()) {
            limits.add("rebuilt data in " + String.join(", ", rebuilt));
        }
        return limits;
    }

    /** Returns why the average cannot be set beside the paper's; empty where it can. */
    public List<String> notThePapers(GauntletFigures figures) {
        List<String> reasons = new ArrayList<>();
        if (!profile.name().equals(Profile.DEFAULT)) {
            reasons.add("profile " + profile.name() + " is not the paper's");
        }
        reasons.addAll(limits(figures));
        return reasons;
    }
}

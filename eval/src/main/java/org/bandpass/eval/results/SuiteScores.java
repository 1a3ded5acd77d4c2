package org.bandpass.eval.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.bandpass.eval.figures.GauntletFigures;
import org.bandpass.eval.figures.MeanScore;
import org.bandpass.eval.figures.PairedBootstrap;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.results.GauntletRecords.Model;
import org.jspecify.annotations.Nullable;

/** Computes the scores of runs in one profile. */
record SuiteScores(
        Profile profile,
        GauntletRecords records,
        List<ComparedRun> runs,
        @Nullable String control) {

    /** The same rows are drawn whatever else is compared, so that a report can be repeated. */
    private static final long SEED = 17;

    ProfileScores scores(int limit) {
        Map<String, FinalScore> finals = new LinkedHashMap<>();
        Map<String, List<CheckpointScore>> checkpoints = new LinkedHashMap<>();
        Model base = control == null ? null : last(control);
        for (ComparedRun run : runs) {
            NavigableMap<Long, Model> models = records.models(profile, run.id());
            if (models.isEmpty()) {
                continue;
            }
            List<CheckpointScore> steps = new ArrayList<>();
            models.forEach((step, model) -> {
                if (model.unfinished().isEmpty()) {
                    MeanScore average =
                            GauntletFigures.of(profile, model.tasks()).average();
                    steps.add(new CheckpointScore(step, run.tokensAt(step), average));
                }
            });
            checkpoints.put(run.id(), List.copyOf(steps));
            finals.put(run.id(), score(run.id(), models.lastEntry(), base));
        }
        return new ProfileScores(profile, limit, finals, checkpoints, reached(finals, checkpoints));
    }

    private FinalScore score(String run, Map.Entry<Long, Model> last, @Nullable Model base) {
        Model model = last.getValue();
        return new FinalScore(
                last.getKey(),
                GauntletFigures.of(profile, model.tasks()),
                base == null || run.equals(control)
                        ? null
                        : PairedBootstrap.of(profile, model.tasks(), base.tasks(), SEED),
                model.longestPrompt(),
                model.unfinished());
    }

    private @Nullable Model last(String run) {
        NavigableMap<Long, Model> models = records.models(profile, run);
        return models.isEmpty() ? null : models.lastEntry().getValue();
    }

    private Map<String, StepsToControl> reached(
            Map<String, FinalScore> finals, Map<String, List<CheckpointScore>> checkpoints) {
        Map<String, StepsToControl> reached = new LinkedHashMap<>();
        FinalScore base = control == null ? null : finals.get(control);
        if (base == null || !base.unfinished().isEmpty()) {
            return reached;
        }
        List<CheckpointScore> steps = checkpoints.getOrDefault(control, List.of());
        CheckpointScore aim = steps.get(steps.size() - 1);
        checkpoints.forEach((run, own) -> {
            StepsToControl found = run.equals(control) ? null : StepsToControl.of(own, aim);
            if (found != null) {
                reached.put(run, found);
            }
        });
        return reached;
    }
}

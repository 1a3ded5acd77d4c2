package org.bandpass.eval.figures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bandpass.eval.profile.Averaging;
import org.bandpass.eval.profile.DataFile;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.GenerationRules;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.profile.PromptFormat;
import org.bandpass.eval.profile.TaskType;
import org.bandpass.eval.profile.Weighting;
import org.bandpass.schemas.EvaluationAnswer;
import org.bandpass.schemas.EvaluationRow;

/** Tasks and rows for the tests of figures. */
final class Gauntlets {

    private Gauntlets() {}

    static Profile profile(Averaging averaging, ProfileTask... tasks) {
        return profile(averaging, Weighting.EQUAL, tasks);
    }

    static Profile profile(Averaging averaging, Weighting weighting, ProfileTask... tasks) {
        return new Profile("test", "1", "", averaging, weighting, List.of(tasks));
    }

    static ProfileTask task(String category, String label, double baseline) {
        return task(category, label, baseline, false);
    }

    static ProfileTask task(String category, String label, double baseline, boolean split) {
        return new ProfileTask(
                label,
                category,
                TaskType.MULTIPLE_CHOICE,
                new DataFile(List.of("local_data/x"), 0, "", List.of()),
                0,
                baseline,
                split,
                new PromptFormat("", "\n", " ", "", ""),
                new GenerationRules(List.of(), true));
    }

    static Map<String, ScoredTask> scored(ScoredTask... tasks) {
        Map<String, ScoredTask> scored = new LinkedHashMap<>();
        for (ScoredTask task : tasks) {
            scored.put(task.task().key(), task);
        }
        return scored;
    }

    static ScoredTask scored(ProfileTask task, List<EvaluationRow> rows) {
        return new ScoredTask(task, DataState.EXACT, "1", rows.size(), rows);
    }

    /** Returns a task with so many right rows of so many. */
    static ScoredTask scored(ProfileTask task, int right, int rows) {
        return scored(
                task,
                IntStream.range(0, rows)
                        .mapToObj(i -> row(i, task.category(), i < right))
                        .toList());
    }

    static EvaluationRow row(int id, String group, boolean correct) {
        return row(id, group, correct, correct ? 0 : 1 + id % 3, 4);
    }

    /** Returns a row whose right choice is the first. */
    static EvaluationRow row(int id, String group, boolean correct, int choice, int options) {
        return new EvaluationRow(
                String.valueOf(id),
                group,
                correct ? 1.0 : 0.0,
                2.0,
                2L,
                4L,
                new EvaluationAnswer(options, choice, id % options, false, 1.0, 0.0, 0, 0, null));
    }

    /** Returns rows of several groups, each with so many right of four. */
    static List<EvaluationRow> groups(int... right) {
        List<EvaluationRow> rows = new ArrayList<>();
        for (int g = 0; g < right.length; g++) {
            for (int i = 0; i < 4; i++) {
                rows.add(row(4 * g + i, "g" + g, i < right[g]));
            }
        }
        return rows;
    }
}

package org.bandpass.eval.gauntlet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.profile.DataFile;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.GenerationRules;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.profile.PromptFormat;
import org.bandpass.eval.profile.TaskType;
import org.jspecify.annotations.Nullable;

/** A task with a few rows written by hand. */
record TaskFile(Path folder, TaskType type, int shots, String delimiter, String reasoningDelimiter, boolean split) {

    static TaskFile of(Path folder, TaskType type, int shots, String delimiter) {
        return new TaskFile(folder, type, shots, delimiter, "", false);
    }

    TaskFile reasoning(String endDelimiter) {
        return new TaskFile(folder, type, shots, delimiter, endDelimiter, split);
    }

    TaskFile byCategory() {
        return new TaskFile(folder, type, shots, delimiter, reasoningDelimiter, true);
    }

    List<RowScore> score(GauntletModel model, String... rows) {
        return score(model, null, rows);
    }

    List<RowScore> score(GauntletModel model, @Nullable Integer limit, String... rows) {
        List<RowScore> scores = new ArrayList<>();
        open(model, limit, rows).score(0, (from, scored) -> scored.forEach(row -> scores.add(row.score())));
        return scores;
    }

    /** @param rows JSON with ' for " */
    TaskRunner open(GauntletModel model, @Nullable Integer limit, String... rows) {
        DataFile file = new DataFile(List.of("local_data/task.jsonl"), 0, "git:" + "0".repeat(40), List.of());
        try {
            Files.createDirectories(folder.resolve("local_data"));
            Files.writeString(
                    folder.resolve(file.path()), String.join("\n", rows).replace('\'', '"') + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PromptFormat format = new PromptFormat("", "\n", delimiter, "", reasoningDelimiter);
        ProfileTask task = new ProfileTask(
                "task", "all", type, file, shots, 0, split, format, new GenerationRules(List.of(), true));
        return TaskRunner.open(task, DataFolder.of(folder), model, new TaskRunner.Options(limit, 1024));
    }
}

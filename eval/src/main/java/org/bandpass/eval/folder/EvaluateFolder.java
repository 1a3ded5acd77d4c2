package org.bandpass.eval.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.bandpass.eval.figures.ScoredTask;
import org.bandpass.eval.gauntlet.GauntletModel;
import org.bandpass.eval.gauntlet.NotFiniteException;
import org.bandpass.eval.gauntlet.ScoredRow;
import org.bandpass.eval.gauntlet.TaskRunner;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.FileCheck;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.prompt.TaskPrompts;
import org.bandpass.schemas.EvaluationRow;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a model in the tasks of a profile, without Kafka.
 *
 * @param options limit and batch size
 * @param convert makes a row of {@code evaluations}
 * @param rows receives every row; null for none
 */
public record EvaluateFolder(
        Tasks tasks,
        TaskRunner.Options options,
        BiFunction<ProfileTask, ScoredRow, EvaluationRow> convert,
        @Nullable RowsFile rows,
        Stop stop) {

    private static final double NANOS = 1e9;

    /**
     * Tasks to score.
     *
     * @param profile the chosen ones
     * @param whole all of the profile: a mean without some of them is partial
     */
    public record Tasks(Profile profile, Profile whole, DataFolder data) {

        /**
         * Checks that there are data files. A missing one is an error if its task was named, or if there is no other; else its
         * task is left out, which stderr says.
         *
         * @throws ProgramFailure if files are missing, or a row is not usable
         */
        public void requireData() {
            List<ProfileTask> chosen = profile.tasks();
            List<String> missing = new ArrayList<>();
            for (ProfileTask task : chosen) {
                FileCheck check = data.check(task.file());
                if (check.state() == DataState.MISSING) {
                    missing.add(task.key() + " (" + check.path() + ")");
                }
            }
            boolean named = !profile.equals(whole);
            if (!missing.isEmpty() && (named || missing.size() == chosen.size())) {
                String which = named
                        ? String.join(", ", missing)
                        : "all of profile " + whole.name() + ", such as " + missing.get(0);
                throw new ProgramFailure("data files are missing: " + which
                        + "; --gauntlet names the folder that holds local_data (docs/evaluation.md says where the files"
                        + " come from)");
            }
            // A file that cannot be used must be found before hours of scoring, not after them.
            chosen.stream()
                    .filter(task -> data.check(task.file()).state() != DataState.MISSING)
                    .forEach(task -> TaskPrompts.of(task, data, true));
            missing.forEach(one -> System.err.println("left out, since its data file is missing: " + one));
        }
    }

    /**
     * Returns the scores of a model.
     *
     * @throws ProgramFailure if the model gives likelihoods that are not finite, or the data cannot be used
     * @throws CancellationException if it was stopped
     */
    public FolderEvaluation evaluate(GauntletModel model, FolderEvaluation.Model name) {
        long began = System.nanoTime();
        try (Progress progress = Progress.start("gauntlet", "rows", expectedRows())) {
            Map<String, ScoredTask> scored = new LinkedHashMap<>();
            for (ProfileTask task : tasks.profile().tasks()) {
                progress.note(task.key());
                scored.put(task.key(), score(task, model, progress));
            }
            progress.note("");
            double seconds = (System.nanoTime() - began) / NANOS;
            return new FolderEvaluation(
                    name,
                    tasks.whole(),
                    new FolderEvaluation.Sizes(options.limit(), TaskRunner.longestPrompt(model), seconds),
                    scored);
        } catch (NotFiniteException e) {
            throw new ProgramFailure(e.getMessage() + "; its training has probably diverged", e);
        }
    }

    private long expectedRows() {
        long rows = 0;
        for (ProfileTask task : tasks.profile().tasks()) {
            FileCheck check = tasks.data().check(task.file());
            if (check.state() != DataState.MISSING) {
                long all = check.state().complete() && task.file().rows() > 0
                        ? task.file().rows()
                        : lines(check.path());
                rows += options.limit() == null ? all : Math.min(options.limit(), all);
            }
        }
        return rows;
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !line.isBlank()).count();
        } catch (IOException | UncheckedIOException e) {
            throw new ProgramFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private ScoredTask score(ProfileTask task, GauntletModel model, Progress progress) {
        FileCheck check = tasks.data().check(task.file());
        String version = ScoredTask.version(tasks.whole(), task, Objects.requireNonNullElse(check.sha256(), ""));
        if (check.state() == DataState.MISSING) {
            return new ScoredTask(task, check.state(), version, 0, List.of());
        }
        TaskRunner runner = TaskRunner.open(task, tasks.data(), model, options);
        List<EvaluationRow> scored = new ArrayList<>();
        runner.score(0, (from, chunk) -> {
            if (stop.requested()) {
                throw new CancellationException("stopped");
            }
            chunk.forEach(row -> {
                scored.add(convert.apply(task, row));
                if (rows != null) {
                    rows.write(task, row);
                }
            });
            progress.add(chunk.size());
        });
        return new ScoredTask(task, check.state(), version, runner.allRows(), scored);
    }
}

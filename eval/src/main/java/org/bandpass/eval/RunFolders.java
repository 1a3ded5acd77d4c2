package org.bandpass.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bandpass.eval.RefusedRunException.Reason;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/** The folders of a run's models: {@code model}, and beside it {@code checkpoints/step-000267}. */
final class RunFolders {

    private static final Pattern STEP = Pattern.compile("step-(\\d{1,15})");

    private RunFolders() {}

    /**
     * Returns the folder of the final model.
     *
     * @param named the folder if the run's own is not to be used
     * @throws RefusedRunException if there is no such folder
     */
    static Path model(TrainingRun run, @Nullable Path named) {
        if (named == null && run.getModel() == null) {
            throw new RefusedRunException(
                    Reason.NO_MODEL, "run " + run.getRunId() + " is finished but names no folder of its model");
        }
        Path folder = named == null ? Path.of(run.getModel()) : named;
        if (!Files.isDirectory(folder)) {
            throw new RefusedRunException(
                    Reason.MISSING_MODEL,
                    "the model of run " + run.getRunId() + " is not on this machine: there is no folder " + folder
                            + " (mount it there, or name its folder with --once and --model)");
        }
        return folder;
    }

    /**
     * Returns the folder of the checkpoint of a step.
     *
     * @throws RefusedRunException if there is no such checkpoint; the message lists those that there are
     */
    static Path model(TrainingRun run, long step) {
        Path folder = checkpoints(run).resolve(String.format(Locale.ROOT, "step-%06d", step));
        if (Files.isDirectory(folder)) {
            return folder;
        }
        List<Long> steps = steps(run);
        throw new RefusedRunException(
                Reason.MISSING_MODEL,
                "run " + run.getRunId() + " has no checkpoint of step " + step + " in " + checkpoints(run)
                        + (steps.isEmpty() ? "; there is none" : "; there are those of " + steps)
                        + " (train with --set trainer.checkpoints.kept=0, or name the folder of one with --model)");
    }

    /** Returns the steps of the checkpoints that are there, ascending. */
    static List<Long> steps(TrainingRun run) {
        Path checkpoints = checkpoints(run);
        if (!Files.isDirectory(checkpoints)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(checkpoints)) {
            return entries.map(entry -> STEP.matcher(entry.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> Long.valueOf(name.group(1)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path checkpoints(TrainingRun run) {
        if (run.getModel() == null) {
            throw new RefusedRunException(
                    Reason.NO_MODEL, "run " + run.getRunId() + " is finished but names no folder of its model");
        }
        return Path.of(run.getModel()).resolveSibling("checkpoints");
    }
}

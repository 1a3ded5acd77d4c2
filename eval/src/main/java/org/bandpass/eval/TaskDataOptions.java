package org.bandpass.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.FileCheck;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of commands that read the tasks' data without a model; a picocli mixin. */
final class TaskDataOptions {

    @Option(
            names = "--gauntlet",
            required = true,
            paramLabel = "DATA_DIR",
            description = "Folder that holds local_data, the data files of the tasks.")
    private Path gauntlet = Path.of("");

    @Option(
            names = "--profile",
            paramLabel = "NAME|FILE",
            description = "Which tasks, and how they are asked: paper-v0.2 (default), v0, v0.2, v0.3, core-v2, or a"
                    + " JSON file.")
    private String profile = Profile.DEFAULT;

    @Option(
            names = "--tasks",
            split = ",",
            paramLabel = "TASK",
            description = "Only these tasks, by label (hellaswag) or label and shots (hellaswag/10-shot).")
    private @Nullable List<String> tasks;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** Opens the folder. Throws a ProgramFailure if there is none. */
    DataFolder folder() {
        return DataFolder.of(gauntlet);
    }

    /**
     * Returns the tasks with a file, and warns of the others and of altered files. A missing file is an error only for a
     * task that was named; the reader of its rows reports it.
     *
     * @throws ProgramFailure if no task has a file
     */
    List<ProfileTask> tasks(DataFolder folder) {
        Profile chosen = Profile.named(profile);
        List<ProfileTask> usable = new ArrayList<>();
        for (ProfileTask task : (tasks == null ? chosen : chosen.only(tasks)).tasks()) {
            FileCheck check = folder.check(task.file());
            if (check.state() == DataState.MISSING && tasks == null) {
                warn(task.key() + " is left out: there is no " + check.path());
            } else {
                if (check.state() == DataState.ALTERED) {
                    warn(task.key() + ": " + check.path() + " is not the original file; its prompts may differ");
                }
                usable.add(task);
            }
        }
        if (usable.isEmpty()) {
            throw new ProgramFailure("no task of profile " + chosen.name() + " has a data file in " + gauntlet
                    + "; name the folder that holds local_data");
        }
        return usable;
    }

    private void warn(String message) {
        spec.commandLine().getErr().println("warning: " + message);
    }
}

package org.bandpass.eval;

import java.nio.file.Path;
import java.util.List;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.Profile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that choose tasks of the gauntlet; none without {@code --gauntlet}. */
final class GauntletOptions {

    @Option(
            names = "--gauntlet",
            paramLabel = "DATA_DIR",
            description = "Evaluate in the tasks of a profile: folder that holds local_data, their data files"
                    + " (docs/evaluation.md tells where they come from).")
    private @Nullable Path gauntlet;

    @Option(
            names = "--profile",
            paramLabel = "NAME|FILE",
            description = "With --gauntlet: which tasks, and how they are asked: paper-v0.2 (default), v0, v0.2, v0.3,"
                    + " core-v2, or a JSON file.")
    private @Nullable String profile;

    @Option(
            names = "--tasks",
            split = ",",
            paramLabel = "TASK",
            description = "With --gauntlet: only these tasks, by label (hellaswag) or label and shots"
                    + " (hellaswag/10-shot).")
    private @Nullable List<String> tasks;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "With --gauntlet: most rows of a task, evenly over its categories and its file.")
    private @Nullable Integer limit;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    boolean isGiven() {
        return gauntlet != null;
    }

    /**
     * Returns what to evaluate, or null without {@code --gauntlet}.
     *
     * @throws ParameterException if the options do not fit together
     * @throws org.bandpass.service.ProgramFailure if there is no such profile, task or folder
     */
    @Nullable
    Gauntlet gauntlet() {
        if (gauntlet == null) {
            if (profile != null || tasks != null || limit != null) {
                throw new ParameterException(
                        spec.commandLine(), "--profile, --tasks and --limit need --gauntlet, which names the data");
            }
            return null;
        }
        if (limit != null && limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be 1 or more, not " + limit);
        }
        Profile chosen = Profile.named(profile == null ? Profile.DEFAULT : profile);
        return new Gauntlet(tasks == null ? chosen : chosen.only(tasks), chosen, DataFolder.of(gauntlet), limit);
    }
}

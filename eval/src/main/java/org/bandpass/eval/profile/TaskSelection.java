package org.bandpass.eval.profile;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bandpass.service.ProgramFailure;

/** Chooses tasks of a profile by name. */
final class TaskSelection {

    private TaskSelection() {}

    static Profile of(Profile profile, List<String> names) {
        Set<ProfileTask> chosen = new LinkedHashSet<>();
        for (String name : names) {
            List<ProfileTask> found = profile.tasks().stream()
                    .filter(task -> task.label().equals(name) || task.key().equals(name))
                    .toList();
            if (found.isEmpty()) {
                throw new ProgramFailure("profile " + profile.name() + " has no task " + name + "; it has "
                        + profile.tasks().stream().map(ProfileTask::key).collect(Collectors.joining(", ")));
            }
            chosen.addAll(found);
        }
        List<ProfileTask> tasks =
                profile.tasks().stream().filter(chosen::contains).toList();
        return new Profile(
                profile.name(),
                profile.version(),
                profile.description(),
                profile.averaging(),
                profile.weighting(),
                tasks);
    }
}

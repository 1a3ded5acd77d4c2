package org.bandpass.eval.figures;

import java.util.List;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.schemas.EvaluationRow;

/**
 * A task of a profile with the rows that a model was scored on.
 *
 * @param state of the data file
 * @param version of the rows: the same row id has the same prompt only in the same version
 * @param taskRows rows of the data file; more than there are rows under a limit
 * @param rows their group is the task's category, or where the task is split, the row's
 */
public record ScoredTask(ProfileTask task, DataState state, String version, int taskRows, List<EvaluationRow> rows) {

    public ScoredTask {
        rows = List.copyOf(rows);
    }

    /** Returns the version of a task's rows: the profile that asks them, and the SHA-256 of the data file. */
    public static String version(String profile, String profileVersion, String dataSha256) {
        return profile + " " + profileVersion + ", data " + dataSha256;
    }

    /** Returns whether its score may be part of a complete average: known data, some rows. */
    boolean counts() {
        return state.complete() && !rows.isEmpty();
    }
}

package org.bandpass.eval.figures;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.Profile;
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

    /** Changes whenever the same row would be scored in another way. */
    public static final String DEFINITION = "gauntlet 1";

    /**
     * Returns the version of a task's rows: how they are scored, the profile, how the task makes its prompts, and the SHA-256
     * of the data file. A limit does not change it, because a row's prompt is that of the full run.
     */
    public static String version(Profile profile, ProfileTask task, String dataSha256) {
        return DEFINITION + ", " + profile.name() + " " + profile.version() + ", prompts " + prompts(task) + ", data "
                + dataSha256;
    }

    /** Returns a hash of all that makes a task's prompts and scores of its rows. */
    private static String prompts(ProfileTask task) {
        String definition = task.type().key() + " " + task.shots() + " " + task.byCategory() + " " + task.format() + " "
                + task.generation();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(definition.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns whether its score may be part of a complete average: known data, some rows. */
    boolean counts() {
        return state.complete() && !rows.isEmpty();
    }
}

package org.bandpass.eval.profile;

/**
 * A task of a profile.
 *
 * @param label its name, unique in the profile together with the shots
 * @param category the group whose tasks are averaged first
 * @param shots rows shown in front of each asked row, at most all others
 * @param baseline accuracy that counts as zero, at least 0 and below 1
 * @param byCategory whether the rows are split by their field {@code category} into data sets of their own, whose
 *     unweighted mean is the task's accuracy
 */
public record ProfileTask(
        String label,
        String category,
        TaskType type,
        DataFile file,
        int shots,
        double baseline,
        boolean byCategory,
        PromptFormat format,
        GenerationRules generation) {

    /** Returns the label with the shots, for example {@code arc_easy/3-shot}. */
    public String key() {
        return label + "/" + shots + "-shot";
    }

    /** Returns an accuracy between baseline and one as a share of that distance; below the baseline it is negative. */
    public double normalized(double accuracy) {
        return (accuracy - baseline) / (1 - baseline);
    }
}

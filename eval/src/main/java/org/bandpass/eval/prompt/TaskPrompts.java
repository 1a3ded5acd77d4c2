package org.bandpass.eval.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.ProfileTask;

/** The prompts of a task. */
public final class TaskPrompts {

    private TaskPrompts() {}

    /**
     * Reads the rows of a task.
     *
     * @param prefixSpace whether a continuation gets a space in front: if the tokenizer encodes " a" as one token
     * @return by category, sorted by code points; one without a category for a task that is not split
     * @throws org.bandpass.service.ProgramFailure if the file is missing or a row is not usable
     */
    public static List<CategoryPrompts> of(ProfileTask task, DataFolder folder, boolean prefixSpace) {
        List<Row> rows = RowReader.read(task, folder.check(task.file()));
        if (!task.byCategory()) {
            return List.of(new CategoryPrompts(task, null, rows, prefixSpace));
        }
        TreeMap<String, List<Row>> byCategory = new TreeMap<>(CodePoints.ORDER);
        for (Row row : rows) {
            byCategory
                    .computeIfAbsent(row.category(), name -> new ArrayList<>())
                    .add(row);
        }
        return byCategory.entrySet().stream()
                .map(entry -> new CategoryPrompts(task, entry.getKey(), entry.getValue(), prefixSpace))
                .toList();
    }
}

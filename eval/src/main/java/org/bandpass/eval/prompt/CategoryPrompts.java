package org.bandpass.eval.prompt;

import java.util.Iterator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.bandpass.eval.profile.ProfileTask;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a task, or of one category of it, as prompts in file order. Each iteration draws the shots anew, from the
 * first row on, and builds the strings of a prompt when it is asked for.
 */
public final class CategoryPrompts implements Iterable<Prompt> {

    private final ProfileTask task;
    private final @Nullable String category;
    private final List<Row> rows;
    private final boolean prefixSpace;

    CategoryPrompts(ProfileTask task, @Nullable String category, List<Row> rows, boolean prefixSpace) {
        this.task = task;
        this.category = category;
        this.rows = List.copyOf(rows);
        this.prefixSpace = prefixSpace;
    }

    public ProfileTask task() {
        return task;
    }

    /** Returns the category; null where the task is not split. */
    public @Nullable String category() {
        return category;
    }

    /** Returns the number of prompts. */
    public int size() {
        return rows.size();
    }

    @Override
    public Iterator<Prompt> iterator() {
        return only(position -> true).iterator();
    }

    /**
     * Returns some of the prompts, each equal to the one of the full iteration.
     *
     * @param wanted tells by the position, from 0 in this category, which
     */
    public Iterable<Prompt> only(IntPredicate wanted) {
        return () -> new PromptIterator(rows, task.shots(), new PromptText(task, prefixSpace), wanted);
    }

    /** Returns whether a row has a chain of thought. */
    public boolean reasons() {
        return rows.stream().anyMatch(row -> !row.reasoning().isEmpty());
    }

    /** Returns each text that a perfect model would generate, by row and accepted answer; none without answers. */
    public Stream<String> expectedTexts() {
        String delimiter = reasons() ? task.format().reasoningDelimiter() : "";
        return rows.stream().flatMap(row -> row.labels().stream().map(label -> row.reasoning() + delimiter + label));
    }
}

package org.bandpass.eval.prompt;

import java.util.Iterator;
import java.util.List;
import java.util.function.IntPredicate;
import org.bandpass.eval.profile.ProfileTask;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a task, or of one category of it, as prompts in file order. Each iteration draws the shots anew, from the
 * first row on, and builds the strings of a prompt when it is asked for.
 *
 * @param category null where the task is not split
 */
public record CategoryPrompts(ProfileTask task, @Nullable String category, List<Row> rows, boolean prefixSpace)
        implements Iterable<Prompt> {

    public CategoryPrompts {
        rows = List.copyOf(rows);
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
     * @param wanted the positions, from 0, of those
     */
    public Iterable<Prompt> only(IntPredicate wanted) {
        return () -> new PromptIterator(this, wanted);
    }
}

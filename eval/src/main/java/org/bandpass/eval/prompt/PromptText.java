package org.bandpass.eval.prompt;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.profile.PromptFormat;
import org.bandpass.eval.profile.TaskType;

/** Builds the strings of a task's prompts. */
final class PromptText {

    private final TaskType type;
    private final PromptFormat format;
    private final boolean prefixSpace;

    PromptText(ProfileTask task, boolean prefixSpace) {
        this.type = task.type();
        this.format = task.format();
        this.prefixSpace = prefixSpace;
    }

    Prompt prompt(Row row, List<Row> shots) {
        StringBuilder preamble = new StringBuilder(format.start());
        List<Integer> starts = new ArrayList<>();
        for (Row shot : shots) {
            starts.add(preamble.length());
            preamble.append(delimiterAfter(preamble))
                    .append(question(shot))
                    .append(format.continuationDelimiter())
                    .append(answer(shot));
        }
        return new Prompt(
                row.index(),
                preamble.toString(),
                starts,
                contexts(row, delimiterAfter(preamble), preamble.length() > 0),
                continuations(row),
                row.gold() < 0 ? null : row.gold(),
                row.labels(),
                row.reasoning());
    }

    private String delimiterAfter(CharSequence preamble) {
        return preamble.length() == 0 ? "" : format.exampleDelimiter();
    }

    /** Returns what a shot asks; of a schema task the right option. */
    private String question(Row shot) {
        return switch (type) {
            case LANGUAGE_MODELING, MULTIPLE_CHOICE -> shot.context();
            case SCHEMA -> shot.options().get(shot.gold());
            case GENERATION -> format.questionPrelimiter() + shot.context();
        };
    }

    private String answer(Row shot) {
        return switch (type) {
            case LANGUAGE_MODELING, SCHEMA -> shot.answer();
            case MULTIPLE_CHOICE -> shot.options().get(shot.gold());
            case GENERATION ->
                shot.reasoning().isEmpty()
                        ? shot.answer()
                        : shot.reasoning() + format.reasoningDelimiter() + shot.answer();
        };
    }

    private List<String> contexts(Row row, String delimiter, boolean hasPreamble) {
        String end = PythonSpace.stripTrailing(format.continuationDelimiter());
        return switch (type) {
            case LANGUAGE_MODELING, MULTIPLE_CHOICE -> List.of(delimiter + row.context() + end);
            case GENERATION -> List.of(delimiter + format.questionPrelimiter() + row.context() + end);
            // The original runner leaves an option alone if nothing stands in front of it.
            case SCHEMA ->
                row.options().stream()
                        .map(option -> hasPreamble ? delimiter + option + end : option)
                        .toList();
        };
    }

    private List<String> continuations(Row row) {
        return switch (type) {
            case LANGUAGE_MODELING, SCHEMA -> List.of(spaced(row.answer()));
            case MULTIPLE_CHOICE -> row.options().stream().map(this::spaced).toList();
            case GENERATION -> List.of();
        };
    }

    private String spaced(String continuation) {
        return prefixSpace && !continuation.startsWith(" ") ? " " + continuation : continuation;
    }
}

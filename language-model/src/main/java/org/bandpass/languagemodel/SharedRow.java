package org.bandpass.languagemodel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bandpass.languagemodel.ContinuationModel.Question;
import org.jspecify.annotations.Nullable;

/**
 * A row of a pass: ids with which all its texts begin, computed once, then the tail: the other inputs of each text, one text
 * after another.
 *
 * @param shared ids of the common beginning; not more than any text's inputs
 */
record SharedRow(int shared, List<ContinuationText> texts) {

    /** Most positions of a tail of several texts; the mask of a tail has tail · row numbers. */
    private static final int MOST_TAIL = 512;

    static SharedRow of(ContinuationText text) {
        return new SharedRow(text.inputs(), List.of(text));
    }

    /**
     * The rows of questions, in order. Continuations of a question share its prompt; neighbouring questions of one continuation
     * share the beginning of their prompts where this saves half of the later one.
     */
    static List<SharedRow> of(List<Question> questions) {
        List<SharedRow> rows = new ArrayList<>();
        boolean open = false;
        for (int q = 0; q < questions.size(); q++) {
            List<ContinuationText> texts = ContinuationText.of(questions.get(q), q);
            if (texts.size() != 1) {
                rows.addAll(split(texts));
                open = false;
                continue;
            }
            SharedRow last = open ? rows.get(rows.size() - 1) : null;
            SharedRow merged = last == null ? null : last.with(texts.get(0));
            if (last == null || merged == null) {
                rows.add(of(texts.get(0)));
            } else {
                rows.set(rows.size() - 1, merged);
            }
            open = true;
        }
        return rows;
    }

    /** Rows of a question's texts, whose tails are not too long. */
    private static List<SharedRow> split(List<ContinuationText> texts) {
        List<SharedRow> rows = new ArrayList<>();
        for (int at = 0; at < texts.size(); ) {
            int shared = texts.get(at).prompt();
            int tail = texts.get(at).inputs() - shared;
            int end = at + 1;
            while (end < texts.size() && tail + texts.get(end).inputs() - shared <= MOST_TAIL) {
                tail += texts.get(end++).inputs() - shared;
            }
            rows.add(end == at + 1 ? of(texts.get(at)) : new SharedRow(shared, texts.subList(at, end)));
            at = end;
        }
        return rows;
    }

    /** Returns this row with one more text; null where that does not pay. */
    private @Nullable SharedRow with(ContinuationText text) {
        ContinuationText first = texts.get(0);
        int most = Math.min(texts.size() == 1 ? first.prompt() : shared, text.prompt());
        int difference = Arrays.mismatch(first.ids(), 0, most, text.ids(), 0, most);
        List<ContinuationText> more = new ArrayList<>(texts);
        more.add(text);
        SharedRow merged = new SharedRow(difference < 0 ? most : difference, more);
        int saved = positions() + text.inputs() - merged.positions();
        return saved * 2 >= text.inputs() && merged.tail() <= MOST_TAIL ? merged : null;
    }

    /** Inputs of the texts after the common beginning. */
    int tail() {
        return texts.stream().mapToInt(text -> text.inputs() - shared).sum();
    }

    int positions() {
        return shared + tail();
    }
}

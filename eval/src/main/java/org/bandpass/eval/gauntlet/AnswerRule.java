package org.bandpass.eval.gauntlet;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of a generated text is compared with the answers: what is before the first stop, of that what is after the last
 * chain-of-thought delimiter.
 *
 * @param stop regular expression of the stops; null where there is none
 * @param delimiter ends a chain of thought; empty where the whole text is the answer
 * @param normalised whether texts are compared in their normal form, or only trimmed
 */
record AnswerRule(@Nullable Pattern stop, String delimiter, boolean normalised) {

    /** @param stops regular expressions; the first match of any ends the text */
    static AnswerRule of(List<String> stops, String delimiter, boolean normalised) {
        return new AnswerRule(stops.isEmpty() ? null : Pattern.compile(String.join("|", stops)), delimiter, normalised);
    }

    /** Returns whether the text answers with one of the labels. */
    boolean accept(String text, AnswerLabels labels) {
        return labels.accept(answer(text));
    }

    /** Returns whether a text can have its final score before it ends; with a delimiter, later text decides. */
    boolean canSettle() {
        return stop != null || delimiter.isEmpty();
    }

    /** Returns whether longer texts that begin with this one all have the same score. */
    boolean settled(String text, AnswerLabels labels) {
        if (stop != null && stop.matcher(text).find()) {
            return true;
        }
        // With a delimiter or a stop, text to come may remove what is there.
        return stop == null && delimiter.isEmpty() && labels.settled(text) != null;
    }

    /** Returns the part of a generated text that is compared. */
    String answer(String text) {
        String kept = text;
        if (stop != null) {
            Matcher matcher = stop.matcher(text);
            kept = matcher.find() ? text.substring(0, matcher.start()) : text;
        }
        int last = delimiter.isEmpty() ? -1 : kept.lastIndexOf(delimiter);
        return last < 0 ? kept : kept.substring(last + delimiter.length());
    }

    AnswerLabels labels(List<String> answers) {
        return new AnswerLabels(answers, normalised);
    }
}

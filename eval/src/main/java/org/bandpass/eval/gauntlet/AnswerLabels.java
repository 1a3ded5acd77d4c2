package org.bandpass.eval.gauntlet;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.bandpass.eval.prompt.PythonSpace;
import org.jspecify.annotations.Nullable;

/**
 * The answers that a generated text may begin with. The rule is a prefix, not equality: the label "1" accepts "15
 * apples", and a label whose normal form is empty accepts every text.
 */
final class AnswerLabels {

    private final List<String> labels;
    private final boolean normalised;

    /** @param normalised whether texts are compared in their normal form, or only trimmed */
    AnswerLabels(Collection<String> answers, boolean normalised) {
        this.normalised = normalised;
        TreeSet<String> forms = new TreeSet<>();
        answers.forEach(answer -> forms.add(form(answer)));
        labels = List.copyOf(forms);
    }

    private String form(String text) {
        return normalised ? AnswerText.normalise(text) : PythonSpace.strip(text);
    }

    /** Returns whether the text begins with an answer. */
    boolean accept(String text) {
        String form = form(text);
        return labels.stream().anyMatch(form::startsWith);
    }

    /** Returns what {@link #accept} gives for every longer text that begins with this one, or null while it may change. */
    @Nullable
    Boolean settled(String text) {
        String form = normalised
                ? AnswerText.normalise(AnswerText.settled(text))
                : PythonSpace.strip(text.substring(0, complete(text)));
        boolean open = false;
        for (String label : labels) {
            if (form.startsWith(label)) {
                return true;
            }
            open |= label.startsWith(form);
        }
        return open ? null : Boolean.FALSE;
    }

    /** Returns the length without characters at the end that may still be incomplete. */
    private static int complete(String text) {
        int to = text.length();
        while (to > 0 && text.charAt(to - 1) == '\uFFFD') {
            to--;
        }
        return to;
    }
}

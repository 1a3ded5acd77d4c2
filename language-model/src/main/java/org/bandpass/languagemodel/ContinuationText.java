package org.bandpass.languagemodel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bandpass.languagemodel.ContinuationModel.Question;

/**
 * A prompt followed by one of its continuations.
 *
 * @param question index of the question
 * @param continuation index of the continuation in its question
 * @param prompt ids of the prompt, which are not scored
 * @param ids prompt and continuation; all but the last are inputs
 */
record ContinuationText(int question, int continuation, int prompt, int[] ids) {

    /** The texts of a question, in the order of its continuations. */
    static List<ContinuationText> of(Question question, int index) {
        List<ContinuationText> texts = new ArrayList<>(question.continuations().size());
        for (int[] continuation : question.continuations()) {
            int[] ids = joined(question.prompt(), continuation);
            texts.add(new ContinuationText(index, texts.size(), question.prompt().length, ids));
        }
        return texts;
    }

    static int[] joined(int[] first, int... second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    int inputs() {
        return ids.length - 1;
    }
}

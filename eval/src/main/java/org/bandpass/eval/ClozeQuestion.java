package org.bandpass.eval;

import java.util.List;
import java.util.Locale;

/**
 * One row of the cloze suite.
 *
 * @param id document id, place and a hash of the question: the same question has the same id in every run
 * @param domain domain of the document
 * @param choices two continuations of the context, of equal length
 * @param gold index of the true one
 */
record ClozeQuestion(String id, String domain, String context, List<String> choices, int gold) {

    static final int CHOICES = 2;

    /** The orders of three words other than the true one. */
    private static final int[][] WRONG_ORDERS = {{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    static ClozeQuestion of(String domain, ClozePassage passage) {
        String place = passage.document() + "." + passage.start();
        String right = passage.inOrder(0, 1, 2);
        String wrong = passage.inOrder(WRONG_ORDERS[IdHash.below(WRONG_ORDERS.length, "wrong", place)]);
        int gold = IdHash.below(CHOICES, "gold", place);
        List<String> choices = gold == 0 ? List.of(right, wrong) : List.of(wrong, right);
        int hash = (int) IdHash.of("question", domain, passage.context(), choices.get(0), choices.get(1));
        return new ClozeQuestion(
                place + String.format(Locale.ROOT, ".%08x", hash), domain, passage.context(), choices, gold);
    }
}

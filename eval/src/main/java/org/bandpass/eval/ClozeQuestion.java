package org.bandpass.eval;

import java.util.List;

/**
 * One row of the cloze suite.
 *
 * @param id document id and a hash of the choices: the same question has the same id in every run
 * @param domain domain of all four documents
 * @param choices four continuations
 * @param gold index of the true one
 */
record ClozeQuestion(String id, String domain, String context, List<String> choices, int gold) {

    static final int CHOICES = 4;
}

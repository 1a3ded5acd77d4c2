package org.bandpass.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.EvaluationResult;

/**
 * What one transaction writes of an evaluation.
 *
 * @param stale keys of earlier results that these replace under other keys
 * @param letters what could not be used, by key
 */
record EvaluationPart(List<EvaluationResult> results, Set<String> stale, Map<String, DeadLetter> letters) {

    /** Writes a position only. */
    static final EvaluationPart NOTHING = new EvaluationPart(List.of(), Set.of(), Map.of());

    boolean isEmpty() {
        return results.isEmpty() && stale.isEmpty() && letters.isEmpty();
    }

    /** Returns a part that writes this one and then another. */
    EvaluationPart and(EvaluationPart later) {
        List<EvaluationResult> all = new ArrayList<>(results);
        all.addAll(later.results);
        Set<String> keys = new TreeSet<>(stale);
        keys.addAll(later.stale);
        Map<String, DeadLetter> both = new TreeMap<>(letters);
        both.putAll(later.letters);
        return new EvaluationPart(all, keys, both);
    }
}

package org.bandpass.eval;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bandpass.schemas.EvaluationResult;

/**
 * What {@code evaluations} holds of a gauntlet task for one model.
 *
 * @param rows rows from the first on that need not be scored again
 * @param complete whether those are all
 * @param stale keys of the task's other records: of another model, data file or version
 */
record DoneRows(int rows, boolean complete, Set<String> stale) {

    /**
     * Compares the records of a run with what would be written now.
     *
     * @param head a record of the task without rows; an empty tokenizer revision matches any
     */
    static DoneRows of(EvaluationResult head, Collection<EvaluationResult> before) {
        List<EvaluationResult> ranges = before.stream()
                .filter(range -> range.getProfile().equals(head.getProfile())
                        && range.getTask().equals(head.getTask())
                        && range.getStep() == head.getStep()
                        && range.getLimit() == head.getLimit())
                .sorted(Comparator.comparingInt(EvaluationResult::getFromRow))
                .toList();
        int rows = 0;
        int all = -1;
        Set<String> stale = new TreeSet<>();
        for (EvaluationResult range : ranges) {
            if (range.getFromRow() == rows && sameEvaluation(head, range)) {
                rows = range.getToRow();
                all = wanted(range);
            } else {
                stale.add(RunScore.key(range));
            }
        }
        return new DoneRows(rows, rows == all, stale);
    }

    private static int wanted(EvaluationResult range) {
        return range.getLimit() == 0 ? range.getTaskRows() : Math.min(range.getLimit(), range.getTaskRows());
    }

    private static boolean sameEvaluation(EvaluationResult head, EvaluationResult range) {
        return range.getModelRevision().equals(head.getModelRevision())
                && range.getTaskVersion().equals(head.getTaskVersion())
                && range.getDataHash().equals(head.getDataHash())
                && (head.getTokenizerRevision().isEmpty()
                        || range.getTokenizerRevision().equals(head.getTokenizerRevision()));
    }
}

package org.bandpass.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.EvaluationRow;
import org.bandpass.schemas.TrainingRun;

/**
 * What a model achieved in one task.
 *
 * @param version version of its definition, bounds included
 * @param chance accuracy of guessing, 0 where there is none
 * @param leftOut groups too small to be asked, with their number of documents
 * @param rows in the order of the task
 * @param cut rows whose document is longer than what was scored of it
 * @param sampled whether bounds kept some documents out
 * @param empty ids of documents that have no tokens, which have no row
 */
record TaskScore(
        String task,
        String version,
        double chance,
        Map<String, Integer> leftOut,
        List<EvaluationRow> rows,
        long cut,
        boolean sampled,
        List<String> empty) {

    /** Returns the records of this score, at least one, so that an evaluation without rows can be seen as well. */
    List<EvaluationResult> records(TrainingRun run, String modelRevision, int rowsPerRecord) {
        List<EvaluationResult> records = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(rows.size(), from + rowsPerRecord);
            records.add(EvaluationResult.newBuilder()
                    .setRunId(run.getRunId())
                    .setModelRevision(modelRevision)
                    .setTask(task)
                    .setTaskVersion(version)
                    .setFromRow(from)
                    .setToRow(to)
                    .setTaskRows(rows.size())
                    .setChance(chance)
                    .setLeftOut(leftOut)
                    .setRows(rows.subList(from, to))
                    .build());
            from = to;
        } while (from < rows.size());
        return records;
    }
}

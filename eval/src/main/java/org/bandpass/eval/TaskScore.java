package org.bandpass.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bandpass.eval.figures.RowFigures;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.EvaluationRow;
import org.bandpass.schemas.TrainingRun;

/**
 * The score of a model in one task.
 *
 * @param version version of its definition, bounds included
 * @param chance accuracy of guessing, 0 where there is none
 * @param leftOut groups too small for a question, with their number of documents
 * @param rows in the order of the task
 * @param cut rows whose document is longer than the part that was scored
 * @param sampled whether bounds left out some documents
 * @param empty ids of documents without tokens, which have no row
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

    RowFigures figures() {
        return RowFigures.of(rows, chance);
    }

    /** Returns the records of this score, at least one: an evaluation without rows leaves a record, too. */
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

/**
 * An evaluation of a model folder in the tasks of a profile as files and words: a table, a JSON object, rows. Needs no
 * Kafka.
 *
 * <pre>
 *   ScoredTask ─▶ FolderEvaluation ─┬─▶ EvaluationTable   for people
 *                                   ├─▶ EvaluationJson    for programs
 *   ScoredRow ─▶ RowsFile           └─▶ EvaluationFolder  both and the rows, for comparisons
 * </pre>
 *
 * <p>One thread at a time. Scoring does not belong here.
 */
@NullMarked
package org.bandpass.eval.folder;

import org.jspecify.annotations.NullMarked;

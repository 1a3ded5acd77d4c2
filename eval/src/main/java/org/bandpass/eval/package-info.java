/**
 * Evaluates each training run that finishes: likelihood of held-out documents and a cloze suite made from them, row by
 * row, so that runs can be paired; with --gauntlet also the tasks of a profile.
 *
 * <pre>
 *   training-runs ──▶ FollowRuns ─── a finished run ──▶ EvaluateRun ◀── RunModel (folder of the run)
 *   (group eval)          │                                 ▲
 *                         │          documents, held-out ──▶ HeldOutSplit ─┬─▶ ScoreHeldOut   rows of held-out
 *                         │                                                └─▶ AnswerCloze    rows of cloze
 *                         │                                 └──▶ EvaluateGauntlet ◀── DoneRows (what was scored before)
 *                         ▼                                        ranges of rows of a profile's tasks
 *                  EvaluationWriter ──▶ evaluations, eval.dead-letters, offsets of the group: one transaction for a run's
 *                                  own tasks, then one for each lot of ranges
 *
 *   evaluations ──▶ EvaluationSummary, PairedComparison      for the report
 * </pre>
 *
 * <p>The consumer belongs to the thread that runs {@link org.bandpass.eval.FollowRuns}; models and the held-out split
 * belong to its one worker. Summaries are immutable. Models and splitting of documents do not belong here.
 */
@NullMarked
package org.bandpass.eval;

import org.jspecify.annotations.NullMarked;

/**
 * Evaluates finished training runs, unasked: likelihood of held-out documents and a cloze suite made from them, row by
 * row, so that runs can be paired.
 *
 * <pre>
 *   training-runs ──▶ FollowRuns ─── a finished run ──▶ EvaluateRun ◀── RunModel (folder of the run)
 *   (group eval)          │                                 ▲
 *                         │          documents, held-out ──▶ HeldOutSplit ─┬─▶ ScoreHeldOut   rows of held-out
 *                         │                                                └─▶ AnswerCloze    rows of cloze
 *                         ▼
 *                  EvaluationWriter ──▶ evaluations, eval.dead-letters, offsets of the group: one transaction a run
 *
 *   evaluations ──▶ EvaluationSummary, PairedComparison      what a report shows
 * </pre>
 *
 * <p>The consumer belongs to the thread that runs {@link org.bandpass.eval.FollowRuns}; models and the held-out split
 * belong to its one worker. Summaries are immutable. How a model computes and how documents are split does not belong
 * here.
 */
@NullMarked
package org.bandpass.eval;

import org.jspecify.annotations.NullMarked;

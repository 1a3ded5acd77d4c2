/**
 * Feeds a band to training: seeded order, packed rows, a model that resumes bit for bit. Also trains the tokenizer. The two
 * commands; below them the packages {@code run} and {@code tokenizer}, then {@code data} and {@code file}.
 *
 * <pre>
 *   documents (reference) ─┐
 *   scored-documents ──────┼─▶ ScanDocuments ─▶ DataSet            offsets by ordinal, blocks: what a snapshot holds
 *   bands.PLAN.BAND ───────┘                       │
 *                              SeededOrder ────────┤               blocks permuted, windows shuffled
 *                                                  ▼
 *   ReadAhead (its own thread):  DocumentStream ─▶ RowStream ─▶ rows of sequenceTokens + 1 ids
 *                                                                        │
 *                                                                        ▼
 *   Trainer ─▶ PrepareRun ─▶ TrainRun ─▶ TrainingLoop ─▶ TrainingSession
 *                              │  │
 *                              │  └─▶ RunFolder       run.json, checkpoints/step-N, model: each complete or not there
 *                              └────▶ RunWriter ────▶ training-runs, offsets of the group trainer.RUN, trainer.dead-letters
 *
 *   TokenizerCommand ─▶ TrainTokenizer ─▶ TokenizerSample ─▶ tokenizer.json
 * </pre>
 *
 * <p>The consumer and the tokenizer belong to the reading thread while a run trains, everything else to the thread that
 * called the program. How a model computes, and which documents a band holds, does not belong here.
 */
@NullMarked
package org.bandpass.trainer;

import org.jspecify.annotations.NullMarked;

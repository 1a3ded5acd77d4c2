/**
 * Trains models on a band, the control or the reference split: seeded order, packed rows, a training that resumes bit for
 * bit. Also trains the tokenizer. Holds the two commands; below them are the packages {@code run} and {@code tokenizer}, then
 * {@code data} and {@code file}.
 *
 * <pre>
 *   documents (reference) ─┐
 *   scored-documents ──────┼─▶ ScanDocuments ─▶ DataSet            the snapshot's documents: offsets by ordinal, blocks
 *   bands.PLAN.BAND ───────┘                       │
 *                              SeededOrder ────────┤               blocks permuted, windows shuffled
 *                                                  ▼
 *   ReadAhead (its own thread):  DocumentStream ─▶ RowStream ─▶ rows of sequenceTokens + 1 ids
 *                                                                        │
 *                                                                        ▼
 *   Trainer ─▶ PrepareRun ─▶ TrainRun ─▶ TrainingSession
 *                              │  │
 *                              │  └─▶ RunFolder       run.json, checkpoints/step-N, model: each complete or not there
 *                              └────▶ RunWriter ────▶ training-runs, offsets of the group trainer.RUN, trainer.dead-letters
 *
 *   TokenizerCommand ─▶ TrainTokenizer ─▶ tokenizer.json
 * </pre>
 *
 * <p>While a run trains, the consumer and the tokenizer belong to the reading thread and everything else to the thread that
 * called the program. How a model computes and which documents a band holds do not belong here.
 */
@NullMarked
package org.bandpass.trainer;

import org.jspecify.annotations.NullMarked;

/**
 * Turns tokens into likelihoods, and rows of tokens into trained weights. Knows neither Kafka nor the use of a likelihood, and
 * hides DJL and its tokenizers. Package {@code tokenizer} turns text into tokens; {@code file} reads and writes the files of a
 * model's folder.
 *
 * <pre>
 *   prompts and continuations ──▶ LanguageModel ─▶ nats; new ids
 *   ids ─▶ DocumentLikelihoods ─▶ LanguageModel ─▶ nats
 *           (windows, batches)        │
 *   config.json, safetensors ─▶ ModelConfig, StoredWeights
 *                                     │
 *                                     ▼
 *   *.torchscript ─▶ ProgramSource ─▶ TorchScriptArchive ─▶ TorchProgram (libtorch)
 *                                     ▲
 *   rows of ids ─▶ TrainingSession ───┴─▶ HuggingFace folder, optimizer state
 * </pre>
 *
 * <p>Start reading at {@code mpt.torchscript}, the paper's architecture with a shape comment on each line, and at
 * {@link org.bandpass.languagemodel.DocumentLikelihoods}, which defines a score;
 * {@link org.bandpass.languagemodel.ContinuationModel} says what evaluation asks.
 *
 * <p>Models and training sessions own native memory: one thread at a time uses them, and their creator closes them.
 * Configurations may be shared.
 */
@NullMarked
package org.bandpass.languagemodel;

import org.jspecify.annotations.NullMarked;

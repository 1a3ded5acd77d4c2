/**
 * Turns tokens into likelihoods, and rows of tokens into trained weights. Knows neither Kafka nor what a likelihood is used for;
 * DJL and its tokenizers are not seen outside. Text becomes tokens in {@code tokenizer}; {@code file} reads and writes what both
 * find in a model's folder.
 *
 * <pre>
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
 * {@link org.bandpass.languagemodel.DocumentLikelihoods}, which says what a score is.
 *
 * <p>Models and training sessions own native memory: one thread at a time uses them, and whoever made them closes them.
 * Configurations may be shared.
 */
@NullMarked
package org.bandpass.languagemodel;

import org.jspecify.annotations.NullMarked;

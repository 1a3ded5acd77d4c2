/**
 * Turns text into token ids with a {@code tokenizer.json}, trains one, and finds the tokens before and after a text. Knows no
 * model.
 *
 * <pre>
 *   tokenizer.json, tokenizer_config.json … ─▶ TokenizerJson, TokenizerConfig
 *                                                        │
 *   text ─▶ TextTokenizer ─▶ NativeEncoder, or EncoderProcesses if a text may end the process ─▶ ids
 *
 *   texts ─▶ BytePairTrainer ─▶ tokenizer.json
 * </pre>
 *
 * <p>Tokenizers may be shared between threads; the caller that loads one closes it.
 */
@NullMarked
package org.bandpass.languagemodel.tokenizer;

import org.jspecify.annotations.NullMarked;

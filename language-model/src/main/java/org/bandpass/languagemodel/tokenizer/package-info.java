/**
 * Turns text into token ids as a {@code tokenizer.json} says, trains one, and finds the token before and after a text. Knows no
 * model.
 *
 * <pre>
 *   tokenizer.json, tokenizer_config.json … ─▶ TokenizerJson, TokenizerConfig
 *                                                        │
 *   text ─▶ TextTokenizer ─▶ NativeEncoder, or EncoderProcesses where a text may end the process ─▶ ids
 *
 *   texts ─▶ BytePairTrainer ─▶ tokenizer.json
 * </pre>
 *
 * <p>Tokenizers may be shared between threads; whoever loads one closes it.
 */
@NullMarked
package org.bandpass.languagemodel.tokenizer;

import org.jspecify.annotations.NullMarked;

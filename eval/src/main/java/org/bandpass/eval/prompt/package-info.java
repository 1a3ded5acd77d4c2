/**
 * Prompts of an evaluation task: rows of its file, few-shot draws as CPython makes them, strings as the original
 * runner builds them.
 *
 * <pre>
 *   DataFolder ──▶ RowReader ──▶ Row ──▶ TaskPrompts ──▶ CategoryPrompts ──▶ Prompt
 *                                              ShotDraws ──────┘
 *                            (MersenneTwister, IntegerSet)
 * </pre>
 *
 * <p>Rows are immutable and may be shared; an iteration belongs to one thread. No tokenizer: strings only.
 */
@NullMarked
package org.bandpass.eval.prompt;

import org.jspecify.annotations.NullMarked;

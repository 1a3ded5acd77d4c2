/**
 * Scores the prompts of a gauntlet task with a model: four rules, one {@link org.bandpass.eval.gauntlet.RowScore} a row.
 *
 * <pre>
 *   TaskPrompts ─▶ RowSelection (--limit) ─▶ PromptTokens ─▶ ScoringRule ─▶ RowScore
 *                                            three strings     │  ▲
 *                                            apart, cut left   ▼  │
 *                                                         GauntletModel
 * </pre>
 *
 * <p>One thread at a time. Means over rows, normalisation and comparison do not belong here, nor does Kafka.
 */
@NullMarked
package org.bandpass.eval.gauntlet;

import org.jspecify.annotations.NullMarked;

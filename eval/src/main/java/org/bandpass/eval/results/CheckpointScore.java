package org.bandpass.eval.results;

import org.bandpass.eval.figures.MeanScore;
import org.jspecify.annotations.Nullable;

/**
 * The average of a run at a step.
 *
 * @param tokens trained on so far; null where the run's training is not known
 */
public record CheckpointScore(long step, @Nullable Long tokens, MeanScore average) {}

package org.bandpass.eval.gauntlet;

import org.bandpass.eval.prompt.Prompt;

/** A prompt and its score. */
public record ScoredRow(Prompt prompt, RowScore score) {}

package org.bandpass.eval.results;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one arm over several seeds.
 *
 * @param heldOut bits per byte of held-out text; null where fewer than two seeds have it
 * @param tasks accuracy of the tasks that at least two seeds have
 */
public record RunSpread(@Nullable SeedSpread heldOut, SortedMap<String, SeedSpread> tasks) {}

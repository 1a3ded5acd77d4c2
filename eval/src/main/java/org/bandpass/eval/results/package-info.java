/**
 * The results of an experiment, read from the topics and from {@code stages/}, and results.json. Holds no sentences and
 * no pictures.
 */
@NullMarked
package org.bandpass.eval.results;

import org.jspecify.annotations.NullMarked;

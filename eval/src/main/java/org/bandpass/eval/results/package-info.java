/**
 * What an experiment gave, as its programs published it in topics and filed it in {@code stages/}, and results.json. Knows
 * no words for people and no pictures.
 */
@NullMarked
package org.bandpass.eval.results;

import org.jspecify.annotations.NullMarked;

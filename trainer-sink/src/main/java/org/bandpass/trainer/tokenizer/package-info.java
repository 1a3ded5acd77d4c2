/** Trains a tokenizer on a sample of the reference split. Knows the data, not the training of models. */
@NullMarked
package org.bandpass.trainer.tokenizer;

import org.jspecify.annotations.NullMarked;

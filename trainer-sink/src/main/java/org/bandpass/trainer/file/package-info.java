/** Files that are complete or absent, and the files of a tokenizer. Knows no Kafka. */
@NullMarked
package org.bandpass.trainer.file;

import org.jspecify.annotations.NullMarked;

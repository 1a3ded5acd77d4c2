/**
 * The files of a HuggingFace folder, for tokenizers and models: JSON, safetensors, the revision of their content, and the error
 * for mismatches. Also keeps DJL offline. Knows no tokenizer and no model.
 */
@NullMarked
package org.bandpass.languagemodel.file;

import org.jspecify.annotations.NullMarked;

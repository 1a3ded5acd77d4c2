/**
 * The files of a HuggingFace folder, below tokenizers and models: JSON, safetensors, the revision that names their content, and
 * the error for what does not fit. Nothing is fetched: DJL is kept offline here as well. Knows no tokenizer and no model.
 */
@NullMarked
package org.bandpass.languagemodel.file;

import org.jspecify.annotations.NullMarked;

/**
 * Sources on this machine: what a source is, files, and folders of them. Knows {@code stream}.
 */
@NullMarked
package org.bandpass.sources.file;

import org.jspecify.annotations.NullMarked;

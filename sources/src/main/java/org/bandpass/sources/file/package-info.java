/** The interface of sources, and those on this machine: files and folders. Knows {@code stream}. */
@NullMarked
package org.bandpass.sources.file;

import org.jspecify.annotations.NullMarked;

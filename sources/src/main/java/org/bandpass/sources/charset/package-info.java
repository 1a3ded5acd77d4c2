/** Bytes to characters: the charset of a page, and sequences that UTF-8 forbids. Knows no other package of sources. */
@NullMarked
package org.bandpass.sources.charset;

import org.jspecify.annotations.NullMarked;

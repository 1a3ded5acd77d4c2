/**
 * Bytes to characters: the charset of a page, and what has the form of UTF-8 without being it. Knows no other package of
 * sources.
 */
@NullMarked
package org.bandpass.sources.charset;

import org.jspecify.annotations.NullMarked;

/**
 * Archives of crawls: WARC, WET, WAT and ARC, the HTTP responses in them, and their pages. Knows {@code page}, {@code
 * charset} and those below.
 */
@NullMarked
package org.bandpass.sources.crawl;

import org.jspecify.annotations.NullMarked;

/**
 * Archives of crawls: WARC, WET, WAT and ARC, the HTTP responses in them, and their pages. Knows {@code page}, {@code
 * charset} and the packages below them.
 */
@NullMarked
package org.bandpass.sources.crawl;

import org.jspecify.annotations.NullMarked;

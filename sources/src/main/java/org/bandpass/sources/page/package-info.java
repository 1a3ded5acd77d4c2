/**
 * HTML to the text that people read of a page. Knows {@code record}.
 */
@NullMarked
package org.bandpass.sources.page;

import org.jspecify.annotations.NullMarked;

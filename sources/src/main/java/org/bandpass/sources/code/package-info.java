/** Source jars: the comments and code of libraries, as Maven publishes them. Knows {@code line}. */
@NullMarked
package org.bandpass.sources.code;

import org.jspecify.annotations.NullMarked;

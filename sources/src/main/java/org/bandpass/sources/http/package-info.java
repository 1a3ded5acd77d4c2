/** Sources on servers: requests with retries, downloads that resume. Knows {@code file}. */
@NullMarked
package org.bandpass.sources.http;

import org.jspecify.annotations.NullMarked;

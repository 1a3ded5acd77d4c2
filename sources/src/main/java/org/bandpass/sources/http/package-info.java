/**
 * Sources on servers: requests with patience, downloads that resume. Knows {@code file}.
 */
@NullMarked
package org.bandpass.sources.http;

import org.jspecify.annotations.NullMarked;

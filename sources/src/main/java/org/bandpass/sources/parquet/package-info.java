/**
 * Parquet tables, a page of a column at a time: footer, pages and their bounds are read here, values are decoded by the
 * Parquet project's library. Rows have the fields of JSON records, so it knows {@code line}.
 */
@NullMarked
package org.bandpass.sources.parquet;

import org.jspecify.annotations.NullMarked;

/**
 * Parquet tables. Footer and pages are read here, within bounds, one page of each column at a time; the Parquet project's
 * library decodes the values. Rows have the fields of JSON records. Knows {@code line} and the packages below it.
 */
@NullMarked
package org.bandpass.sources.parquet;

import org.jspecify.annotations.NullMarked;

/**
 * The page and the table on the terminal: results in words, tables and pictures. Reads nothing itself.
 */
@NullMarked
package org.bandpass.eval.report;

import org.jspecify.annotations.NullMarked;

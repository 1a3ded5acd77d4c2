/**
 * The page and the table on the terminal: results as sentences, tables and pictures. Reads no topic and no file.
 */
@NullMarked
package org.bandpass.eval.report;

import org.jspecify.annotations.NullMarked;

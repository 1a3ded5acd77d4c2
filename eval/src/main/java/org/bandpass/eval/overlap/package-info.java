/**
 * Word n-grams that evaluation rows share with training documents.
 *
 * <pre>
 *   rows ──▶ WordGrams ──▶ EvaluationGrams ◀── WordGrams ◀── training documents
 *                                │
 *                                ▼
 *                           RowOverlap
 * </pre>
 *
 * <p>One thread at a time; the index holds all n-grams of the rows. Reading topics and files does not belong here.
 */
@NullMarked
package org.bandpass.eval.overlap;

import org.jspecify.annotations.NullMarked;

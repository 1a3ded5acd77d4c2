/**
 * Turns sources into documents, each exactly once.
 *
 * <pre>
 *   file, URL, …  ─▶ RecordReader ─▶ Admission ─▶ Decision ─▶ queue ─▶ DocumentTransactions ─▶ documents
 *                    (module sources)  id, split,                        one transaction:       ingest-progress
 *                                      duplicates                        documents + position   ingest.dead-letters
 *        └──────────── thread "ingest-reader" ────────────┘      └──── thread of the caller ────┘
 * </pre>
 *
 * <p>With sequences, further threads tokenize the texts that were read ahead (Lookahead). The writing thread packs them
 * (SequencePacker), and writes the tokens that wait in packers with the position.
 *
 * <p>Documents are spread over the partitions in turn, in the order of admission, which depends on the sources alone.
 * So an ingest that was killed and restarted leaves the same ids in the same order as one that was not.
 *
 * <p>Readers, admission and the window of duplicates belong to the reading thread, tallies and the producer to the
 * writing thread; objects passed between them are immutable. Scores and bands do not belong here, nor does any rule
 * about more than one document, except for exact duplicates.
 */
@NullMarked
package org.bandpass.ingest;

import org.jspecify.annotations.NullMarked;

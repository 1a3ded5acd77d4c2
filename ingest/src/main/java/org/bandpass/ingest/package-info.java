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
 * <p>With sequences, threads of their own make the tokens of what is read ahead (Lookahead), and the writing thread
 * packs them (SequencePacker) and writes what waits in the packers with the position.
 *
 * <p>Documents go round the partitions in the order of their admission, which the sources alone decide: an ingest that
 * was killed and started again leaves the same ids in the same order as one that was not.
 *
 * <p>Readers, admission and the window of duplicates belong to the reading thread; tallies and the producer to the
 * writing one; what passes between them is immutable. What the text is worth (scores, bands) does not belong here, nor
 * does any rule that looks at more than one document, save the exact duplicate.
 */
@NullMarked
package org.bandpass.ingest;

import org.jspecify.annotations.NullMarked;

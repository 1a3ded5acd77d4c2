/**
 * Turns scores into cuts and routes scored documents into bands: two Kafka Streams applications and their commands.
 *
 * <pre>
 *   scored-documents ──▶ digest-scores ──▶ score-digests ──▶ build-cuts ──▶ cuts      calibrator: one application
 *                        per partition:      latest partial    one task: keeps the
 *                        digest + values     of each stratum   latest partials, merges
 *                        since its boundary  and partition     them in partition order
 *
 *   cuts ── freeze ──▶ plans                                                          a plan carries a copy of its cuts
 *
 *   scored-documents ──▶ route-document ──▶ bands.&lt;plan&gt;.&lt;band&gt;                      router: one application per plan
 *                        rank by the plan's cuts (or, live, by the latest),
 *                        same partition, value bytes untouched
 * </pre>
 *
 * <p>This package holds the commands. They use {@code calibrator}, {@code router} and {@code audit}, which do not know
 * each other. These use {@code plan}, then {@code cuts}, then {@code runtime}, {@code score} and {@code digest}.
 *
 * <p>Threads: processors belong to their Streams thread; {@link org.bandpass.selector.digest.RankTable} and
 * {@link org.bandpass.selector.cuts.CutsTable} are immutable and shared. Commands run on the caller's thread and close
 * what they open.
 *
 * <p>What does not belong here: scoring (scorer-stream), reading bands (trainer-sink), lag (console).
 */
@NullMarked
package org.bandpass.selector;

import org.jspecify.annotations.NullMarked;

/**
 * Benchmarks as programs: each compares within one run and prints ratios, because machines differ and are shared.
 *
 * <pre>
 *   ./bandpass bench NAME [--json]  ──▶  Benchmarks ──▶ NAMEBenchmark ──▶ Figure … ──▶ FiguresReport
 * </pre>
 *
 * <p>A benchmark that misses its aim says so and still ends with 0: it measures, tests judge. It uses the programs as
 * their users do, or the very class that does the work; nothing here is shipped and nothing depends on it.
 */
@NullMarked
package org.bandpass.benchmarks;

import org.jspecify.annotations.NullMarked;

/**
 * The one {@code bandpass} command, and the experiment as a list of commands.
 *
 * <pre>
 *   Bandpass ── a subcommand per program (they live in their modules)
 *      ├── run ──▶ Experiment (commands) ──▶ StageRunner ──▶ DIR/stages/*.json
 *      └── broker, topics, config, bench
 * </pre>
 *
 * <p>Nothing here decides about documents: each step of the experiment is a program.
 */
@NullMarked
package org.bandpass.cli;

import org.jspecify.annotations.NullMarked;

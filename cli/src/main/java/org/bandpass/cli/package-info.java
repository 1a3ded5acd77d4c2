/**
 * The one {@code bandpass} command, the experiment as a list of commands, and the report.
 *
 * <pre>
 *   Bandpass ── a subcommand per program (they live in their modules)
 *      ├── run ──▶ Experiment (commands) ──▶ StageRunner ──▶ DIR/stages/*.json
 *      ├── broker, topics, config
 *      └── report ──▶ results.json, report.html, the table
 * </pre>
 *
 * <p>Nothing here decides about documents: whatever the experiment does, a program does.
 */
@NullMarked
package org.bandpass.cli;

import org.jspecify.annotations.NullMarked;

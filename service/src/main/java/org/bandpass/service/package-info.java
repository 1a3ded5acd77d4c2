/**
 * Start, observation and stop of a program: options and settings, progress and telemetry, signals and failures. Nothing
 * here knows documents, models or topics.
 *
 * <pre>
 *   ClusterOptions ── settings() ──▶ Settings          BANDPASS_… &lt; --config FILE &lt; command line
 *     ProgramOptions  telemetry() ─▶ Telemetry         /metrics, /health; reports outages of the cluster
 *   Progress                                           a bar on stderr
 *   Stop                                               SIGTERM, Ctrl-C
 *   FolderLock                                         reserves a folder for one program
 *   ProgramFailure (exit 1), ConfigurationException (exit 3)
 * </pre>
 */
@NullMarked
package org.bandpass.service;

import org.jspecify.annotations.NullMarked;

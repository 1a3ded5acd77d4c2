/**
 * How a program starts, is seen and stops: options and settings, progress and telemetry, signals and failures. Admission
 * rule: only that, in ten files at most; what knows documents, models or topics belongs elsewhere.
 *
 * <pre>
 *   ClusterOptions ── settings() ──▶ Settings          BANDPASS_… &lt; --config FILE &lt; command line
 *     ProgramOptions  telemetry() ─▶ Telemetry         /metrics, /health; says when the cluster goes and comes back
 *   Progress                                           a bar on stderr
 *   Stop                                               SIGTERM, Ctrl-C
 *   FolderLock                                         a folder for one program
 *   ProgramFailure (exit 1), ConfigurationException (exit 3)
 * </pre>
 */
@NullMarked
package org.bandpass.service;

import org.jspecify.annotations.NullMarked;

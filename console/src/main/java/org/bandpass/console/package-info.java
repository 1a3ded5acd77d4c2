/**
 * Shows operators the state of the pipeline: {@code bandpass lag} shows how far each program that follows a topic is behind,
 * in documents.
 *
 * <pre>
 *   plans, training-runs ─▶ Pipeline ─▶ Following …          who follows which topic, and which records concern it
 *   committed offsets    ─▶ Positions ┐
 *   without offsets: Resume … ────────┼▶ Work                the rule by which each program resumes
 *   topics (read committed) ──────────┴▶ DocumentCount ─▶ Lag ─▶ LagTable
 * </pre>
 *
 * <p>One thread does all of it. Nothing here writes to a topic or commits an offset; what changes the pipeline belongs to
 * its programs.
 */
@NullMarked
package org.bandpass.console;

import org.jspecify.annotations.NullMarked;

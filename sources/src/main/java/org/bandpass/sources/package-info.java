/**
 * Finds files, folders, lists and URLs, detects their format and compression, and opens the reader of that format.
 *
 * <pre>
 *   names ─ SourceFiles, SourceList, FollowedFolders ─▶ Source ─ SourceOpener ─▶ RecordReader ─▶ SourceRecord
 * </pre>
 *
 * <p>The same source gives the same records at the same positions, so that a run resumes where it stopped ({@link
 * org.bandpass.sources.Resume}). Knows nothing of Kafka, of settings and of the use of the records. Each package knows
 * only packages before it: {@code record}, {@code stream}, {@code file}, {@code http}, {@code charset}, then one package
 * per family of formats.
 */
@NullMarked
package org.bandpass.sources;

import org.jspecify.annotations.NullMarked;

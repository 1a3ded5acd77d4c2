/**
 * Evaluation profiles: which tasks a suite has, how their rows become prompts, what guessing scores, how the scores are
 * averaged, and which data files they belong to. A profile is a JSON file checked by {@code profile.schema.json}; a new
 * task is an entry in such a file.
 *
 * <pre>
 *   profiles/NAME.json or a user's file ──▶ ProfileReader ──▶ Profile ── tasks ──▶ ProfileTask ── file ──▶ DataFile
 *                                            │                                                              │
 *                      profile.schema.json ──┘                            DATA_DIR ──▶ DataFolder ──▶ FileState
 * </pre>
 *
 * <p>Immutable, except the folder, which remembers the files that it has hashed. Reads no row and knows no model.
 */
@NullMarked
package org.bandpass.eval.profile;

import org.jspecify.annotations.NullMarked;

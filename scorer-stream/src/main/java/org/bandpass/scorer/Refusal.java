package org.bandpass.scorer;

import org.jspecify.annotations.Nullable;

/**
 * Why a document has no score.
 *
 * @param reason one of a closed set
 * @param detail the error, for people; never text of the document
 * @param content the record's value, or null where there is none
 */
record Refusal(DeadLetterReason reason, String detail, byte @Nullable [] content) {}

package org.bandpass.scorer;

import java.util.Locale;

/** Why a document of the final split has no score. */
enum DeadLetterReason {
    /** The record's value is not a document. */
    UNREADABLE_RECORD,
    /** The record's header says final, its content says another part of the split. */
    CONTRADICTORY_SPLIT,
    /** The record has no header that names its part of the split. */
    MISSING_SPLIT,
    /** The record's schema is unknown, and its position is in dead.letter.positions. */
    UNKNOWN_SCHEMA,
    /** The document was split with another seed or other shares, and its position is in dead.letter.positions. */
    OTHER_SPLIT,
    /** Another tokenizer made the sequence, and its position is in dead.letter.positions. */
    OTHER_TOKENIZER,
    /** The document has no text, or the sequence no ids. */
    EMPTY_TEXT,
    NO_TOKENS,
    TOKENIZER_FAILED,
    UNKNOWN_TOKEN,
    NOT_FINITE,
    /** The scored record is too large for its topic. */
    OVER_RECORD_LIMIT;

    /** Returns the name of the reason in records and metrics. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

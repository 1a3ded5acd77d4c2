package org.bandpass.sources.record;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Why a record, or the remainder of a file, was refused. The set is closed: reasons are counted by name. */
public enum Rejection {
    /** Its id is among the last ids admitted. */
    DUPLICATE,
    /** Fewer characters than {@code ingest.min.characters}. */
    TOO_SHORT,
    /** More characters than {@code ingest.max.characters}. */
    TOO_LONG,
    /** Too many control or replacement characters to be text. */
    NOT_TEXT,
    /** Bytes that are invalid in their charset, or half of a surrogate pair. */
    BAD_ENCODING,
    /** A well-formed record without a text. */
    NO_TEXT,
    EMPTY_LINE,
    /** Invalid in its format. */
    MALFORMED,
    /** Nested deeper than {@code ingest.json.max.depth}. */
    TOO_DEEP,
    /** Larger than {@code ingest.record.max.bytes} as stored or {@code document.max.bytes} as serialised. */
    OVER_RECORD_LIMIT,
    /** The tokenizer makes no tokens of it; only if sequences are packed. */
    NO_TOKENS,
    /** The tokenizer failed on it; only if sequences are packed. */
    TOKENIZER_FAILED,

    MISSING,
    UNREADABLE,
    /** The content is not what the file's name shows. */
    NOT_AS_NAMED,
    /** Neither name nor content shows the format. */
    UNKNOWN_FORMAT,
    /** A known format that is not read. */
    UNSUPPORTED,
    /** The file ends early or is damaged from some position on. */
    BROKEN_OFF,
    /** The file decompresses to more than the bounds allow. */
    EXPANDS_TOO_MUCH;

    private static final Set<Rejection> OF_FILE = EnumSet.range(MISSING, EXPANDS_TOO_MUCH);

    /** Returns whether the remainder of a file is refused rather than one record. */
    public boolean ofFile() {
        return OF_FILE.contains(this);
    }

    /** Returns whether a refusal is filed as a dead letter; repeats and empty lines are only counted. */
    public boolean isFiled() {
        return this != DUPLICATE && this != EMPTY_LINE;
    }

    /** Returns the name in records, metrics and messages: lower-kebab. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns whether a reason in a progress record is one of a file. */
    public static boolean isOfFile(String word) {
        return OF_FILE.stream().anyMatch(rejection -> rejection.word().equals(word));
    }
}

package org.bandpass.sources.record;

import java.util.Locale;

/** Why a record, or the rest of a file, did not become a document. The set is closed: reasons are counted by name. */
public enum Rejection {
    /** Its id is among the last ids admitted. */
    DUPLICATE,
    /** Fewer characters than {@code ingest.min.characters}. */
    TOO_SHORT,
    /** More characters than {@code ingest.max.characters}. */
    TOO_LONG,
    /** Too many control or replacement characters to be text. */
    NOT_TEXT,
    /** Bytes that are not what their charset allows, or half of a surrogate pair. */
    BAD_ENCODING,
    /** A well-formed record without a text in it. */
    NO_TEXT,
    /** A line with nothing in it, where a record should be. */
    EMPTY_LINE,
    /** Not what the format allows. */
    MALFORMED,
    /** Nested deeper than {@code ingest.json.max.depth}. */
    TOO_DEEP,
    /** Larger than {@code ingest.record.max.bytes} as stored or {@code document.max.bytes} as serialised. */
    OVER_RECORD_LIMIT,
    /** The tokenizer makes no tokens of it; only where sequences are packed. */
    NO_TOKENS,
    /** The tokenizer failed on it; only where sequences are packed. */
    TOKENIZER_FAILED,

    /** There is no such file. */
    MISSING(true),
    /** The file or URL cannot be read. */
    UNREADABLE(true),
    /** The content is not what the file's name says. */
    NOT_AS_NAMED(true),
    /** Neither name nor content says what it is. */
    UNKNOWN_FORMAT(true),
    /** A known format that is not read. */
    UNSUPPORTED(true),
    /** The file ends early or is damaged from some position on. */
    BROKEN_OFF(true),
    /** The file decompresses to more than the bounds allow. */
    EXPANDS_TOO_MUCH(true);

    private final boolean ofFile;

    Rejection() {
        this(false);
    }

    Rejection(boolean ofFile) {
        this.ofFile = ofFile;
    }

    /** Returns whether the rest of a file is refused rather than one record. */
    public boolean ofFile() {
        return ofFile;
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
        for (Rejection rejection : values()) {
            if (rejection.ofFile && rejection.word().equals(word)) {
                return true;
            }
        }
        return false;
    }
}

package org.bandpass.sources;

import java.util.Locale;
import java.util.regex.Pattern;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.Compression;
import org.jspecify.annotations.Nullable;

/** What a file holds, apart from how it is compressed. */
enum SourceFormat {
    /** One JSON object a line. */
    JSON_LINES("jsonl|ndjson|json", true),
    /** A text or a JSON object a line, as the first begins. */
    LINES("lines", false),
    /** A text, as a whole. */
    TEXT("txt|text|md", false),
    /** The archive of a crawl, or the texts and notes that Common Crawl derives from one. */
    WARC("warc|wet|wat", true),
    /** The archive of an older crawl. */
    ARC("arc", true),
    /** Columns of a table. */
    PARQUET("parquet", false),
    /** Source code of a library, as Maven publishes it. */
    SOURCES_JAR("-sources\\.jar", false);

    private final Pattern name;
    private final boolean appendable;

    SourceFormat(String suffixes, boolean appendable) {
        this.name =
                Pattern.compile(suffixes.startsWith("-") ? ".*" + suffixes : ".*\\.(" + suffixes + ")", Pattern.DOTALL);
        this.appendable = appendable;
    }

    /** Returns whether more records may be appended to a file. */
    boolean appendable() {
        return appendable;
    }

    /** Returns whether a file of that name can be one of a known format. */
    static boolean isKnown(String fileName) {
        return find(inner(fileName)) != null;
    }

    /**
     * Returns what a name says, without what says how it is compressed.
     *
     * @throws SourceFailure if it says nothing known
     */
    static SourceFormat named(String fileName) throws SourceFailure {
        String inner = inner(fileName);
        SourceFormat format = find(inner);
        if (format != null) {
            return format;
        }
        throw new SourceFailure(
                Rejection.UNKNOWN_FORMAT,
                "the name does not end in jsonl, ndjson, json, lines, warc, wet, wat, arc, txt, text, md (also with gz,"
                        + " zst, bz2, xz or lz4), in parquet or in -sources.jar");
    }

    private static @Nullable SourceFormat find(String inner) {
        for (SourceFormat format : values()) {
            if (format.name.matcher(inner).matches()) {
                return format;
            }
        }
        return null;
    }

    private static String inner(String fileName) {
        return Compression.inner(fileName).toLowerCase(Locale.ROOT);
    }
}

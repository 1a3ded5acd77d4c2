package org.bandpass.sources;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.Compression;
import org.jspecify.annotations.Nullable;

/** What a file holds, apart from its compression. */
enum SourceFormat {
    /** One JSON object a line. */
    JSON_LINES("jsonl|ndjson|json", true),
    /** A text or a JSON object a line; the first line decides. */
    LINES("lines", false),
    /** One text. */
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

    /** Returns whether the name of a file shows a known format. */
    static boolean isKnown(Path file) {
        return find(String.valueOf(file.getFileName())) != null;
    }

    /** Returns whether records may be appended to a file of that name. */
    static boolean isAppendable(String fileName) {
        SourceFormat format = find(fileName);
        return format != null && format.appendable;
    }

    /** Returns the format that the name of a file shows; fails if it shows none. */
    static SourceFormat named(String fileName) throws SourceFailure {
        SourceFormat format = find(fileName);
        if (format == null) {
            throw new SourceFailure(
                    Rejection.UNKNOWN_FORMAT,
                    "the name does not end in jsonl, ndjson, json, lines, warc, wet, wat, arc, txt, text, md (also with"
                            + " gz, zst, bz2, xz or lz4), in parquet or in -sources.jar");
        }
        return format;
    }

    private static @Nullable SourceFormat find(String fileName) {
        String inner = Compression.inner(fileName).toLowerCase(Locale.ROOT);
        for (SourceFormat format : values()) {
            if (format.name.matcher(inner).matches()) {
                return format;
            }
        }
        return null;
    }
}

package org.bandpass.sources.crawl;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.SlidingBytes;
import org.jspecify.annotations.Nullable;

/** WARC (ISO 28500), which WET and WAT are too. Line feeds without carriage returns are accepted. */
public final class WarcFormat implements CrawlFormat {

    private static final String VERSION = "WARC/";
    /** Longest version with its line end, and longest name of the first field. */
    private static final int LONGEST_START = 16 + 256;
    /** Characters of field names besides letters and digits (RFC 9110, 5.6.2, as in WARC). */
    private static final String NAME_MARKS = "!#$%&'*+-.^_`|~";

    @Override
    public String name() {
        return "WARC";
    }

    /** Data that end within a possible beginning count as one, and are refused as broken off. */
    @Override
    public boolean begins(SlidingBytes bytes, int offset) {
        bytes.has((long) offset + LONGEST_START);
        int limit = Math.min(bytes.available(), offset + LONGEST_START);
        int version = Math.min(limit, offset + VERSION.length());
        if (version == offset || !bytes.startsWith(VERSION.substring(0, version - offset), offset)) {
            return false;
        }
        int feed = bytes.after(version, limit, b -> Character.isDigit(b) || ". \r".indexOf(b) >= 0);
        if (feed < limit && bytes.at(feed) != '\n') {
            return false;
        }
        int colon = bytes.after(
                Math.min(limit, feed + 1), limit, b -> Character.isLetterOrDigit(b) || NAME_MARKS.indexOf(b) >= 0);
        return colon == limit ? limit < offset + LONGEST_START : colon > feed + 1 && bytes.at(colon) == ':';
    }

    @Override
    public @Nullable CrawlHeader header(SlidingBytes bytes) throws SourceFailure {
        if (!begins(bytes, 0)) {
            return null;
        }
        int first = bytes.afterLineFeed(0, LONGEST_HEADER);
        int end = first;
        int next = first;
        while (next >= 0 && !isBlank(bytes, end, next)) {
            end = next;
            if (bytes.startsWith(VERSION, end) && begins(bytes, end)) {
                // Another record. Reading its header as part of this one would repeat for each of many such records.
                return null;
            }
            next = bytes.afterLineFeed(end, LONGEST_HEADER);
        }
        if (next < 0) {
            CrawlFormat.checkNotCut(bytes);
            return null;
        }
        return header(new HeaderFields(bytes.slice(first, end), StandardCharsets.UTF_8), next);
    }

    private static @Nullable CrawlHeader header(HeaderFields fields, int bytes) {
        long length = fields.count("Content-Length");
        String type = fields.get("WARC-Type");
        if (length < 0 || type == null) {
            return null;
        }
        boolean segment = fields.get("WARC-Segment-Number") != null;
        String language = fields.get("WARC-Identified-Content-Language");
        return new CrawlHeader(
                bytes,
                length,
                segment ? "continuation" : type.toLowerCase(Locale.ROOT),
                url(fields.get("WARC-Target-URI")),
                fields.get("WARC-Date"),
                fields.get("WARC-Record-ID"),
                fields.get("Content-Type"),
                fields.get("WARC-Identified-Payload-Type"),
                language == null ? null : language.split(",", 2)[0].strip());
    }

    /** Removes the angle brackets that the grammar of WARC 1.0 has, and that Wget writes. */
    private static @Nullable String url(@Nullable String uri) {
        return uri != null && uri.startsWith("<") && uri.endsWith(">") ? uri.substring(1, uri.length() - 1) : uri;
    }

    private static boolean isBlank(SlidingBytes bytes, int from, int to) {
        return to - from == 1 || to - from == 2 && bytes.at(from) == '\r';
    }
}

package org.bandpass.sources.crawl;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.SlidingBytes;
import org.jspecify.annotations.Nullable;

/**
 * WARC (ISO 28500), and with it WET and WAT, which are WARC of other records. Line feeds without carriage returns are
 * taken too.
 */
public final class WarcFormat implements CrawlFormat {

    private static final String VERSION = "WARC/";
    /** Longest version with its line end, and longest name of a field. */
    private static final int LOOK = 16 + 256;
    /** What the name of a field may have besides letters and digits (RFC 9110, 5.6.2, as in WARC). */
    private static final String MARKS_OF_NAMES = "!#$%&'*+-.^_`|~";

    @Override
    public String name() {
        return "WARC";
    }

    /** Data that end within what could become a beginning count as one: they are broken off. */
    @Override
    public boolean begins(SlidingBytes bytes, int offset) {
        bytes.has((long) offset + LOOK);
        int limit = Math.min(bytes.available(), offset + LOOK);
        int version = Math.min(limit, offset + VERSION.length());
        if (version == offset || !bytes.startsWith(VERSION.substring(0, version - offset), offset)) {
            return false;
        }
        int feed = after(bytes, version, limit, WarcFormat::isVersion);
        if (feed < limit && bytes.at(feed) != '\n') {
            return false;
        }
        int colon = after(bytes, Math.min(limit, feed + 1), limit, WarcFormat::isName);
        return colon == limit ? limit < offset + LOOK : colon > feed + 1 && bytes.at(colon) == ':';
    }

    private static int after(SlidingBytes bytes, int from, int limit, IntPredicate wanted) {
        int at = from;
        while (at < limit && wanted.test(bytes.at(at))) {
            at++;
        }
        return at;
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
                // Another record, whose header must not be read as part of this one, again and again.
                return null;
            }
            next = bytes.afterLineFeed(end, LONGEST_HEADER);
        }
        if (next < 0) {
            if (bytes.available() < LONGEST_HEADER && !bytes.broken()) {
                throw new SourceFailure(Rejection.BROKEN_OFF, "the file ends in the header of a record");
            }
            return null;
        }
        return header(HeaderFields.read(bytes.slice(first, end), StandardCharsets.UTF_8), next);
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

    /** The grammar of WARC 1.0 has the address in angle brackets, which Wget writes and nobody else does. */
    private static @Nullable String url(@Nullable String uri) {
        return uri != null && uri.startsWith("<") && uri.endsWith(">") ? uri.substring(1, uri.length() - 1) : uri;
    }

    private static boolean isBlank(SlidingBytes bytes, int from, int to) {
        return to - from == 1 || to - from == 2 && bytes.at(from) == '\r';
    }

    private static boolean isVersion(int b) {
        return b >= '0' && b <= '9' || b == '.' || b == '\r' || b == ' ';
    }

    private static boolean isName(int b) {
        return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || MARKS_OF_NAMES.indexOf(b) >= 0;
    }
}

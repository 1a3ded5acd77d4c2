package org.bandpass.sources.crawl;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.SlidingBytes;
import org.jspecify.annotations.Nullable;

/**
 * ARC of the Internet Archive, versions 1 and 2, which WARC followed: a line of address, IP address, date, content type
 * and, at its end, length; then the answer of the server.
 */
public final class ArcFormat implements CrawlFormat {

    private static final Pattern ADDRESS = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.*", Pattern.DOTALL);
    private static final Pattern DATE = Pattern.compile("[0-9]{14}");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final int LONGEST_SCHEME = 64;
    /** Address and IP address stand before the date. */
    private static final int BEFORE_DATE = 2;

    @Override
    public String name() {
        return "ARC";
    }

    @Override
    public boolean begins(SlidingBytes bytes, int offset) {
        if (!hasScheme(bytes, offset)) {
            return false;
        }
        int end = bytes.afterLineFeed(offset, offset + LONGEST_HEADER);
        return end >= 0 && endsInDigit(bytes, end) && line(bytes, offset, end) != null;
    }

    /** Tells most lines from the first of a record, without a look at all of them. */
    private static boolean hasScheme(SlidingBytes bytes, int offset) {
        int at = offset;
        while (at - offset < LONGEST_SCHEME && bytes.has(at + 1L) && isOfScheme(bytes.at(at))) {
            at++;
        }
        return at > offset && bytes.has(at + 1L) && bytes.at(at) == ':';
    }

    private static boolean isOfScheme(int b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '+' || b == '-' || b == '.';
    }

    private static boolean endsInDigit(SlidingBytes bytes, int end) {
        int at = end - 1;
        while (at > 0 && bytes.at(at) <= ' ' && bytes.at(at) >= 0) {
            at--;
        }
        return bytes.at(at) >= '0' && bytes.at(at) <= '9';
    }

    @Override
    public @Nullable CrawlHeader header(SlidingBytes bytes) throws SourceFailure {
        int end = bytes.afterLineFeed(0, LONGEST_HEADER);
        if (end < 0 && bytes.available() < LONGEST_HEADER && !bytes.broken()) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "the file ends in the header of a record");
        }
        return line(bytes, 0, end);
    }

    private static @Nullable CrawlHeader line(SlidingBytes bytes, int from, int to) {
        if (to < 0) {
            return null;
        }
        String line = StandardCharsets.UTF_8.decode(bytes.slice(from, to)).toString();
        List<String> words = Arrays.asList(line.strip().split(" ", -1));
        int date = BEFORE_DATE;
        while (date < words.size() && !DATE.matcher(words.get(date)).matches()) {
            date++;
        }
        String length = words.get(words.size() - 1);
        if (date + 2 >= words.size()
                || !LENGTH.matcher(length).matches()
                || !ADDRESS.matcher(words.get(0)).matches()) {
            return null;
        }
        // Addresses with spaces were written as they were.
        String address = String.join(" ", words.subList(0, date - 1));
        String contentType = words.get(date + 1);
        // What crawlers write where the server said nothing.
        String said = contentType.equalsIgnoreCase("no-type") ? null : contentType;
        boolean isDescription = address.startsWith("filedesc:");
        return new CrawlHeader(
                to - from,
                Long.parseLong(length),
                isDescription ? "warcinfo" : "response",
                address,
                iso(words.get(date)),
                null,
                address.startsWith("dns:") ? contentType : "application/http",
                said,
                null);
    }

    private static String iso(String date) {
        return date.replaceFirst("(....)(..)(..)(..)(..)(..)", "$1-$2-$3T$4:$5:$6Z");
    }
}

package org.bandpass.sources.crawl;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.SlidingBytes;
import org.jspecify.annotations.Nullable;

/**
 * ARC of the Internet Archive, versions 1 and 2, the predecessor of WARC. The header of a record is a line: address, IP
 * address, date, content type, further words in version 2, and the length. The server's response follows.
 */
public final class ArcFormat implements CrawlFormat {

    private static final Pattern DATE = Pattern.compile("[0-9]{14}");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final int LONGEST_SCHEME = 64;
    /** The date is the third word or, where the address has spaces, a later one. */
    private static final int EARLIEST_DATE = 2;

    @Override
    public String name() {
        return "ARC";
    }

    /** Checks the scheme first, because most lines have none. */
    @Override
    public boolean begins(SlidingBytes bytes, int offset) {
        if (!hasScheme(bytes, offset)) {
            return false;
        }
        int end = bytes.afterLineFeed(offset, offset + LONGEST_HEADER);
        return end >= 0 && line(bytes, offset, end) != null;
    }

    private static boolean hasScheme(SlidingBytes bytes, int offset) {
        int at = bytes.after(
                offset, offset + LONGEST_SCHEME, b -> Character.isLetterOrDigit(b) || "+-.".indexOf(b) >= 0);
        return at > offset && bytes.has(at + 1L) && bytes.at(at) == ':' && Character.isLetter(bytes.at(offset));
    }

    @Override
    public @Nullable CrawlHeader header(SlidingBytes bytes) throws SourceFailure {
        int end = bytes.afterLineFeed(0, LONGEST_HEADER);
        if (end < 0) {
            CrawlFormat.checkNotCut(bytes);
            return null;
        }
        return hasScheme(bytes, 0) ? line(bytes, 0, end) : null;
    }

    private static @Nullable CrawlHeader line(SlidingBytes bytes, int from, int to) {
        String line = StandardCharsets.UTF_8.decode(bytes.slice(from, to)).toString();
        List<String> words = List.of(line.strip().split(" ", -1));
        int date = EARLIEST_DATE;
        while (date < words.size() && !DATE.matcher(words.get(date)).matches()) {
            date++;
        }
        String length = words.get(words.size() - 1);
        if (date + 2 >= words.size() || !LENGTH.matcher(length).matches()) {
            return null;
        }
        String address = String.join(" ", words.subList(0, date - 1));
        String contentType = words.get(date + 1);
        return new CrawlHeader(
                to - from,
                Long.parseLong(length),
                address.startsWith("filedesc:") ? "warcinfo" : "response",
                address,
                words.get(date).replaceFirst("(....)(..)(..)(..)(..)(..)", "$1-$2-$3T$4:$5:$6Z"),
                null,
                address.startsWith("dns:") ? contentType : "application/http",
                // Crawlers write no-type where the server sent no type.
                contentType.equalsIgnoreCase("no-type") ? null : contentType,
                null);
    }
}

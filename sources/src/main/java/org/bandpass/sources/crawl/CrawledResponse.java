package org.bandpass.sources.crawl;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered, as the crawler kept it.
 *
 * @param status status code
 * @param fields header
 * @param body the rest, as it was sent
 */
record CrawledResponse(int status, HeaderFields fields, ByteBuffer body) {

    private static final Pattern STATUS = Pattern.compile("(?s)[A-Z]{1,8}(?:/[0-9.]+)?[ \\t]+([0-9]{3})(?:[^0-9].*)?");
    private static final int LONGEST_LINE = 8 << 10;
    /** Servers and clients allow less. */
    private static final int LONGEST_HEADER = 256 << 10;

    /**
     * Takes a block apart; returns null where no status line begins it, or its header has no end. Answers 1xx are read
     * past, as any number of them may stand before the final one (RFC 9110, 15.2).
     */
    static @Nullable CrawledResponse read(ByteBuffer block) {
        CrawledResponse response = first(block);
        CrawledResponse next = response;
        while (next != null && next.isInterim()) {
            response = next;
            next = first(next.body);
        }
        // Behind the last of them another protocol may follow, or nothing.
        return next == null ? response : next;
    }

    private static @Nullable CrawledResponse first(ByteBuffer block) {
        int first = afterLine(block, 0);
        Matcher status =
                STATUS.matcher(StandardCharsets.ISO_8859_1.decode(block.slice(0, Math.min(first, LONGEST_LINE))));
        if (!status.matches()) {
            return null;
        }
        int end = first;
        int next = afterLine(block, end);
        while (next > end && !isBlank(block, end, next)) {
            if (next > LONGEST_HEADER) {
                return null;
            }
            end = next;
            next = afterLine(block, end);
        }
        return new CrawledResponse(
                Integer.parseInt(status.group(1)),
                HeaderFields.read(block.slice(first, end - first), StandardCharsets.ISO_8859_1),
                block.slice(next, block.limit() - next));
    }

    private boolean isInterim() {
        return status / 100 == 1;
    }

    boolean succeeded() {
        return status / 100 == 2;
    }

    /** Returns the offset after the line that begins at an offset, the end where no line feed ends it. */
    private static int afterLine(ByteBuffer block, int from) {
        int at = from;
        while (at < block.limit()) {
            if (block.get(at++) == '\n') {
                return at;
            }
        }
        return at;
    }

    private static boolean isBlank(ByteBuffer block, int from, int to) {
        return to - from == 1 && block.get(from) == '\n' || to - from == 2 && block.get(from) == '\r';
    }
}

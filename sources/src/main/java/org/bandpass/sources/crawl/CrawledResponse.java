package org.bandpass.sources.crawl;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An HTTP response as the crawler stored it, with its body as it was sent. */
record CrawledResponse(int status, HeaderFields fields, ByteBuffer body) {

    private static final Pattern STATUS = Pattern.compile("(?s)[A-Z]{1,8}(?:/[0-9.]+)?[ \\t]+([0-9]{3})(?:[^0-9].*)?");
    private static final int LONGEST_LINE = 8 << 10;
    /** Servers and clients accept less. */
    private static final int LONGEST_HEADER = 256 << 10;

    /**
     * Reads a block; returns null where it does not begin with a status line, or its header has no end. Skips responses
     * with status 1xx, of which any number may precede the final one (RFC 9110, 15.2).
     */
    static @Nullable CrawledResponse read(ByteBuffer block) {
        CrawledResponse response = first(block);
        CrawledResponse next = response;
        while (next != null && next.status / 100 == 1) {
            response = next;
            next = first(next.body);
        }
        // The last one may precede another protocol, or nothing.
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
                new HeaderFields(block.slice(first, end - first), StandardCharsets.ISO_8859_1),
                block.slice(next, block.limit() - next));
    }

    /** Returns the offset after the line that begins at an offset; the last line may lack its line feed. */
    private static int afterLine(ByteBuffer block, int from) {
        int at = from;
        while (at < block.limit() && block.get(at) != '\n') {
            at++;
        }
        return Math.min(block.limit(), at + 1);
    }

    private static boolean isBlank(ByteBuffer block, int from, int to) {
        return to - from == 1 && block.get(from) == '\n' || to - from == 2 && block.get(from) == '\r';
    }
}

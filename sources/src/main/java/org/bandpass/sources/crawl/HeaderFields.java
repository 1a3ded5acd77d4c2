package org.bandpass.sources.crawl;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Named fields at the head of a record or a message, one a line. Of fields that are named twice the first counts, but
 * for those whose values are lists.
 */
final class HeaderFields {

    private static final Pattern FOLD = Pattern.compile("\r?\n[ \t]+");

    private final Map<String, List<String>> fields = new HashMap<>();

    private HeaderFields() {}

    /**
     * Reads fields. A line that begins with white space continues the one before; lines without a colon are passed over,
     * as crawlers keep what servers sent.
     */
    static HeaderFields read(ByteBuffer lines, Charset charset) {
        HeaderFields header = new HeaderFields();
        String unfolded = FOLD.matcher(charset.decode(lines)).replaceAll(" ");
        for (String line : unfolded.split("\r?\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                header.fields
                        .computeIfAbsent(name, first -> new ArrayList<>(1))
                        .add(line.substring(colon + 1).strip());
            }
        }
        return header;
    }

    /** Returns a value, or null where there is none or an empty one. */
    @Nullable
    String get(String name) {
        String value = values(name).isEmpty() ? "" : values(name).get(0);
        return value.isEmpty() ? null : value;
    }

    /** Returns the members of a list, lower case; a list may be spread over several fields (RFC 9110, 5.3). */
    List<String> list(String name) {
        String all = String.join(",", values(name)).toLowerCase(Locale.ROOT);
        return Pattern.compile(",")
                .splitAsStream(all)
                .map(String::strip)
                .filter(member -> !member.isEmpty())
                .toList();
    }

    private List<String> values(String name) {
        return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** Returns a value that is not negative, or -1 where there is no such. */
    long count(String name) {
        String value = get(name);
        // A number of more digits than a long has is larger than anything there is; sums with it must not overflow.
        if (value == null || !value.matches("[0-9]+")) {
            return -1;
        }
        return value.length() > 18 ? Long.MAX_VALUE / 2 : Long.parseLong(value);
    }
}

package org.bandpass.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Named fields at the head of a record or a message, one a line; of fields that are named twice the first counts,
 * except where they hold lists. */
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
                        .computeIfAbsent(name, each -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }
        return header;
    }

    /** Returns a value, or null where there is none or an empty one. */
    @Nullable
    String get(String name) {
        List<String> values = fields.get(name.toLowerCase(Locale.ROOT));
        return values == null || values.get(0).isEmpty() ? null : values.get(0);
    }

    /** Returns the words of a list, in lower case, which may be named several times (RFC 9110, 5.3). */
    List<String> words(String name) {
        List<String> values = fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return Arrays.stream(String.join(",", values).toLowerCase(Locale.ROOT).split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
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

package org.bandpass.sources.crawl;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The header fields of a record or message, one a line. The first of several fields with one name counts. */
final class HeaderFields {

    private static final Pattern FOLD = Pattern.compile("\r?\n[ \t]+");

    private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /**
     * Reads fields. A line that begins with white space continues the line before. Lines without a colon are skipped:
     * crawlers store what servers sent.
     */
    HeaderFields(ByteBuffer lines, Charset charset) {
        String unfolded = FOLD.matcher(charset.decode(lines)).replaceAll(" ");
        for (String line : unfolded.split("\r?\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.computeIfAbsent(line.substring(0, colon).strip(), first -> new ArrayList<>(1))
                        .add(line.substring(colon + 1).strip());
            }
        }
    }

    /** Returns a value, or null where there is none or an empty one. */
    @Nullable
    String get(String name) {
        String value = fields.getOrDefault(name, List.of("")).get(0);
        return value.isEmpty() ? null : value;
    }

    /** Returns the members of a list, lower case; a list may be spread over several fields (RFC 9110, 5.3). */
    List<String> list(String name) {
        return fields.getOrDefault(name, List.of()).stream()
                .flatMap(field -> Stream.of(field.toLowerCase(Locale.ROOT).split(",", -1)))
                .map(String::strip)
                .filter(member -> !member.isEmpty())
                .toList();
    }

    /** Returns a value that is not negative, or -1 where there is none. */
    long count(String name) {
        String value = get(name);
        // Numbers of more digits are capped, so that sums with them do not overflow.
        if (value == null || !value.matches("[0-9]+")) {
            return -1;
        }
        return value.length() > 18 ? Long.MAX_VALUE / 2 : Long.parseLong(value);
    }
}

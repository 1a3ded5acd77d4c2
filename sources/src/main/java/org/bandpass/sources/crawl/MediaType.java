package org.bandpass.sources.crawl;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a header says that a content is.
 *
 * @param name type and subtype, lower case
 * @param charset name of the charset as given, or null
 */
record MediaType(String name, @Nullable String charset) {

    /** Some servers write a comma or nothing for the semicolon, or send the header twice, which crawlers join. */
    private static final Pattern END = Pattern.compile("[;,\\s]");

    private static final Pattern CHARSET = Pattern.compile("(?i)(?<=[;,\\s])charset\\s*+=\\s*+[\"']?([\\w.:+-]+)");

    /** Returns what a header says, or null where it says nothing. */
    static @Nullable MediaType read(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String name = END.split(header.strip(), 2)[0].toLowerCase(Locale.ROOT);
        Matcher charset = CHARSET.matcher(header);
        return name.isEmpty() ? null : new MediaType(name, charset.find() ? charset.group(1) : null);
    }

    boolean isHtml() {
        return name.equals("text/html") || name.equals("application/xhtml+xml");
    }

    boolean isText() {
        return isHtml() || name.equals("text/plain") || name.equals("text/markdown");
    }

    boolean isHttp() {
        return name.equals("application/http");
    }
}

package org.bandpass.sources.crawl;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A content type: type and subtype in lower case, and the declared charset. */
record MediaType(String name, @Nullable String charset) {

    /** Some servers write a comma or nothing for the semicolon, or send two headers, which crawlers join. */
    private static final Pattern END = Pattern.compile("[;,\\s]");

    private static final Pattern CHARSET = Pattern.compile("(?i)(?<=[;,\\s])charset\\s*+=\\s*+[\"']?([\\w.:+-]+)");

    /** Returns the type in a header, or null where there is none. */
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
}

package org.bandpass.sources.http;

import java.io.Closeable;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The answer of a server, and what its headers say about the whole file. */
record HttpAnswer(HttpResponse<DownloadStream> response) implements Closeable {

    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(?:(\\d{1,18})|\\*)");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    int status() {
        return response.statusCode();
    }

    DownloadStream body() {
        return response.body();
    }

    /** Returns the size of the whole file, -1 if the server does not say. */
    long size() {
        return status() == 200
                ? response.headers().firstValueAsLong("Content-Length").orElse(-1)
                : inContentRange(2);
    }

    /** Returns where the body begins in the file, -1 if the server does not say. */
    long from() {
        return status() == 200 ? 0 : inContentRange(1);
    }

    private long inContentRange(int group) {
        Matcher range = CONTENT_RANGE.matcher(header("Content-Range"));
        return range.matches() && range.group(group) != null ? Long.parseLong(range.group(group)) : -1;
    }

    /** Returns what identifies the version of the file, "" if the server does not say. */
    String version() {
        String tag = header("ETag");
        return tag.isEmpty() ? header("Last-Modified") : tag;
    }

    /** Returns the tag with which a range may be requested, or null. */
    @Nullable
    String strongTag() {
        String tag = header("ETag");
        return tag.isEmpty() || tag.startsWith("W/") ? null : tag;
    }

    /** Returns when the file was last changed, milliseconds since 1970; 0 if the server does not say. */
    long modifiedAt() {
        Instant time = time(header("Last-Modified"));
        return time == null ? 0 : time.toEpochMilli();
    }

    /** Returns how long the server asks to wait. */
    Duration retryAfter() {
        return retryAfter(header("Retry-After"), header("Date"));
    }

    /**
     * Returns how long a server asks to wait (RFC 9110, 10.2.3); zero for an invalid value or a time that has passed.
     *
     * @param value header Retry-After: seconds, or a time
     * @param date header Date, the server's clock
     */
    static Duration retryAfter(String value, String date) {
        if (SECONDS.matcher(value.strip()).matches()) {
            return Duration.ofSeconds(Long.parseLong(value.strip()));
        }
        Instant now = time(date);
        Instant then = time(value);
        return now == null || then == null || then.isBefore(now) ? Duration.ZERO : Duration.between(now, then);
    }

    private static @Nullable Instant time(String header) {
        try {
            return ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    @Override
    public void close() {
        response.body().close();
    }

    private String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }
}

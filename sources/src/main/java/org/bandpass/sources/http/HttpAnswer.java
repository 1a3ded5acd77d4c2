package org.bandpass.sources.http;

import java.io.Closeable;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a server answers, with what its headers say about the whole file. */
final class HttpAnswer implements Closeable {

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18}|\\*)");

    private final HttpResponse<DownloadStream> response;
    private final Matcher range;
    private final boolean ranged;

    HttpAnswer(HttpResponse<DownloadStream> response) {
        this.response = response;
        this.range = CONTENT_RANGE.matcher(header("Content-Range"));
        this.ranged = range.matches();
    }

    int status() {
        return response.statusCode();
    }

    DownloadStream body() {
        return response.body();
    }

    /** Returns the size of the whole file, -1 where the server does not say. */
    long size() {
        if (status() == 200) {
            return response.headers().firstValueAsLong("Content-Length").orElse(-1);
        }
        return ranged && !range.group(2).equals("*") ? Long.parseLong(range.group(2)) : -1;
    }

    /** Returns where the body begins in the file, -1 where the server does not say. */
    long from() {
        if (status() == 200) {
            return 0;
        }
        return ranged && range.group(1) != null ? Long.parseLong(range.group(1)) : -1;
    }

    /** Returns what tells one version of the file from another, "" where the server says nothing. */
    String version() {
        String tag = header("ETag");
        return tag.isEmpty() ? header("Last-Modified") : tag;
    }

    /** Returns the tag by which a range may be asked for, or null. */
    @Nullable
    String strongTag() {
        String tag = header("ETag");
        return tag.isEmpty() || tag.startsWith("W/") ? null : tag;
    }

    /** Returns when the file was last changed, milliseconds since 1970; 0 where the server does not say. */
    long modifiedAt() {
        try {
            return ZonedDateTime.parse(header("Last-Modified"), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeException e) {
            return 0;
        }
    }

    /** Returns how long the server asks to be left alone. */
    Duration retryAfter() {
        return BusyServerException.after(header("Retry-After"), header("Date"));
    }

    @Override
    public void close() {
        response.body().close();
    }

    private String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }
}

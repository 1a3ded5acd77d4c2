package org.bandpass.sources.http;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** Says that a server cannot answer now, and for how long it asks to be left alone (Retry-After, RFC 9110 10.2.3). */
final class BusyServerException extends IOException {

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private final Duration after;

    BusyServerException(String message, Duration after) {
        super(message);
        this.after = after;
    }

    /** Returns how long to wait before the next request; zero where the server does not say. */
    Duration after() {
        return after;
    }

    /**
     * Reads how long a server asks to be left alone.
     *
     * @param retryAfter value of the header Retry-After: seconds, or a date
     * @param date value of the header Date, the server's clock
     * @return zero for what is neither or is past
     */
    static Duration after(String retryAfter, String date) {
        String value = retryAfter.strip();
        if (SECONDS.matcher(value).matches()) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Duration after = Duration.between(instant(date), instant(value));
            return after.isNegative() ? Duration.ZERO : after;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    private static Instant instant(String date) {
        return ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }
}

package org.bandpass.ingest;

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

    BusyServerException(String message, String retryAfter) {
        super(message);
        this.after = after(retryAfter, Instant.now());
    }

    /** Returns how long to wait before the next request; zero where the server does not say. */
    Duration after() {
        return after;
    }

    /**
     * Reads the header's value: seconds, or a date.
     *
     * @return zero for what is neither or is past
     */
    static Duration after(String retryAfter, Instant now) {
        String value = retryAfter.strip();
        if (SECONDS.matcher(value).matches()) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}

package org.bandpass.sources.http;

/**
 * How long to wait for servers. The constants name the settings, for messages.
 *
 * @param attempts requests in a row that may fail before a URL is given up
 * @param backOffMillis wait before the second attempt, twice as long before each further one
 * @param timeoutMillis longest silence of a server
 * @param patienceMillis how long to wait for a server that has answered
 */
public record HttpPatience(int attempts, int backOffMillis, int timeoutMillis, long patienceMillis) {

    public static final String ATTEMPTS = "ingest.http.attempts";
    public static final String PATIENCE = "ingest.http.patience.ms";

    /** The default settings. */
    public static final HttpPatience DEFAULT = new HttpPatience(6, 1_000, 60_000, 43_200_000L);
}

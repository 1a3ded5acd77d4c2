package org.bandpass.ingest;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.bandpass.service.Settings;

/**
 * Settings of reading from servers.
 *
 * @param attempts requests in a row that may fail before a URL is given up
 * @param backOffMillis wait before the second attempt, twice as long before each further one
 * @param timeoutMillis longest silence of a server
 * @param patienceMillis how long a server that has answered is waited for
 */
record HttpSettings(int attempts, int backOffMillis, int timeoutMillis, long patienceMillis) {

    static final String ATTEMPTS = "ingest.http.attempts";
    static final String BACK_OFF = "ingest.http.backoff.ms";
    static final String TIMEOUT = "ingest.http.timeout.ms";

    static final String PATIENCE = "ingest.http.patience.ms";

    static void define(ConfigDef definition) {
        definition
                .define(
                        ATTEMPTS,
                        Type.INT,
                        6,
                        Range.between(1, 100),
                        Importance.LOW,
                        "Requests in a row that may fail before a URL is given up; a transfer that was cut resumes"
                                + " where it was. When a server that has answered in this run refuses or fails that"
                                + " often, for what it gave before too, it is left alone instead.")
                .define(
                        BACK_OFF,
                        Type.INT,
                        1_000,
                        Range.between(1, 60_000),
                        Importance.LOW,
                        "Wait before the second attempt; twice as long before each further one, a minute at most."
                                + " A server that asks for longer (Retry-After) is left alone for that long, ten minutes at most.")
                .define(
                        TIMEOUT,
                        Type.INT,
                        60_000,
                        Range.between(1, 3_600_000),
                        Importance.LOW,
                        "Longest silence of a server, while connecting, before the answer or within it.")
                .define(
                        PATIENCE,
                        Type.LONG,
                        43_200_000L,
                        Range.atLeast(1),
                        Importance.LOW,
                        "How long a server that has answered in this run is waited for: the pauses between attempts grow"
                                + " to two hours, and the files after it wait too. Then the run ends.");
    }

    static HttpSettings of(Settings settings) {
        return new HttpSettings(
                settings.integer(ATTEMPTS),
                settings.integer(BACK_OFF),
                settings.integer(TIMEOUT),
                settings.longInteger(PATIENCE));
    }
}

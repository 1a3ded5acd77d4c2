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
 */
record HttpSettings(int attempts, int backOffMillis, int timeoutMillis) {

    static final String ATTEMPTS = "ingest.http.attempts";
    static final String BACK_OFF = "ingest.http.backoff.ms";
    static final String TIMEOUT = "ingest.http.timeout.ms";

    static void define(ConfigDef definition) {
        definition
                .define(
                        ATTEMPTS,
                        Type.INT,
                        6,
                        Range.between(1, 100),
                        Importance.LOW,
                        "Requests in a row that may fail before a URL is given up; a transfer that was cut goes on where"
                                + " it was.")
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
                        "Longest silence of a server, while connecting, before the answer or within it.");
    }

    static HttpSettings of(Settings settings) {
        return new HttpSettings(settings.integer(ATTEMPTS), settings.integer(BACK_OFF), settings.integer(TIMEOUT));
    }
}

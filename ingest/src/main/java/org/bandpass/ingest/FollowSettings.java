package org.bandpass.ingest;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.bandpass.service.Settings;

/**
 * Settings of following folders.
 *
 * @param settleMillis how long a file must not have changed before it is read
 * @param pollMillis how often folders are looked through
 */
record FollowSettings(int settleMillis, int pollMillis) {

    static final String SETTLE = "ingest.follow.settle.ms";
    static final String POLL = "ingest.follow.poll.ms";

    static void define(ConfigDef definition) {
        definition
                .define(
                        SETTLE,
                        Type.INT,
                        5_000,
                        Range.between(0, 3_600_000),
                        Importance.MEDIUM,
                        "How long a file in a followed folder must have kept its size and time before it is read.")
                .define(
                        POLL,
                        Type.INT,
                        1_000,
                        Range.between(1, 3_600_000),
                        Importance.LOW,
                        "How often followed folders are looked through.");
    }

    static FollowSettings of(Settings settings) {
        return new FollowSettings(settings.integer(SETTLE), settings.integer(POLL));
    }
}

package org.bandpass.schemas;

import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.NullMarked;

/**
 * Name and settings of a topic.
 *
 * @param name full name, prefix included
 * @param maxRecordBytes largest record, uncompressed
 */
@NullMarked
public record TopicSpec(String name, int partitions, Kept kept, int maxRecordBytes) {

    /** How long records are kept. */
    public enum Kept {
        /** Every record, for ever. */
        FOREVER,
        /** The latest record of each key. */
        COMPACT
    }

    /** Kafka refuses longer names, but only later, when the prefix, plan or band is no longer in sight. */
    private static final int LONGEST_NAME = 249;

    public TopicSpec {
        if (name.isEmpty() || name.length() > LONGEST_NAME || !name.matches("[a-zA-Z0-9._-]+")) {
            throw new IllegalArgumentException("not the name of a Kafka topic: '" + name + "'");
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("topic " + name + ": partitions must be 1 or more, not " + partitions);
        }
    }

    NewTopic creation(short replication) {
        Map<String, String> configs = Map.of(
                TopicConfig.RETENTION_MS_CONFIG, "-1",
                TopicConfig.RETENTION_BYTES_CONFIG, "-1",
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxRecordBytes),
                // The producer compresses with zstd; compressing again would only cost the broker time.
                TopicConfig.COMPRESSION_TYPE_CONFIG, "producer",
                TopicConfig.CLEANUP_POLICY_CONFIG, kept == Kept.COMPACT ? "compact" : "delete");
        return new NewTopic(name, partitions, replication).configs(configs);
    }
}

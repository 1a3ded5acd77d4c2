package org.bandpass.schemas;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.NullMarked;

/**
 * A topic as data: what it is called, how it is cut and how long it is kept.
 *
 * @param name full name, prefix included
 * @param partitions number of partitions
 * @param kept whether records stay for ever or only the latest of each key does
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

    /** Kafka refuses longer names; a longer prefix, plan or band would fail far from its cause. */
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
        Map<String, String> configs = new LinkedHashMap<>();
        configs.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
        configs.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxRecordBytes));
        // zstd is the producer's doing: recompressing would cost the broker and change nothing.
        configs.put(TopicConfig.COMPRESSION_TYPE_CONFIG, "producer");
        configs.put(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                kept == Kept.COMPACT ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE);
        return new NewTopic(name, partitions, replication).configs(configs);
    }
}

package org.bandpass.trainer.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.service.Settings;
import org.bandpass.trainer.data.DocumentDecoder;
import org.bandpass.trainer.data.RunData;
import org.bandpass.trainer.data.Shuffle;

/**
 * Settings of the trainer.
 *
 * @param scoredTopic topic that the control is trained on
 * @param maxPasses passes over the data at most, 0 for no bound
 * @param checkpointInterval time between checkpoints unless --checkpoint-every counts steps
 * @param checkpointsKept most checkpoints that stay, the latest ones; 0 for all
 */
public record TrainerSettings(
        Settings settings,
        Topics topics,
        TopicSpec scoredTopic,
        Shuffle shuffle,
        int maxPasses,
        Duration checkpointInterval,
        int checkpointsKept,
        Duration progressInterval) {

    static final String SCORED_TOPIC = "trainer.scored.topic";
    static final String BLOCK_RECORDS = "trainer.shuffle.block.records";
    static final String BUFFER_RECORDS = "trainer.shuffle.buffer.records";
    static final String BUFFER_BYTES = "trainer.shuffle.buffer.bytes";
    static final String MAX_PASSES = "trainer.passes.max";
    static final String CHECKPOINT_INTERVAL = "trainer.checkpoint.interval.ms";
    static final String CHECKPOINTS_KEPT = "trainer.checkpoints.kept";
    static final String PROGRESS_INTERVAL = "trainer.progress.interval.ms";

    private static final Duration SHORTEST_PULSE = Duration.ofMillis(50);

    public static ConfigDef definition() {
        return shuffle(new ConfigDef()
                        .define(
                                SCORED_TOPIC,
                                Type.STRING,
                                "",
                                Importance.LOW,
                                "Topic of scores that the control is trained on, full name; empty for scored-documents under the"
                                        + " prefix."))
                .define(
                        MAX_PASSES,
                        Type.INT,
                        0,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Passes over the data after which a run ends although it has tokens or time left; 0 for no bound.")
                .define(
                        CHECKPOINT_INTERVAL,
                        Type.LONG,
                        300_000L,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Milliseconds between checkpoints, unless --checkpoint-every counts steps.")
                .define(
                        CHECKPOINTS_KEPT,
                        Type.INT,
                        1,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "Most checkpoints of a run that stay, the latest ones; 0 keeps all, so that 'eval --once RUN --step"
                                + " N' can evaluate them. Each holds the model and the optimizer's state.")
                .define(
                        PROGRESS_INTERVAL,
                        Type.LONG,
                        3_000L,
                        Range.atLeast(0),
                        Importance.LOW,
                        "Milliseconds between records of a run's progress and position, which are written whether or not a"
                                + " step has ended. A run without a record for three times as long counts as silent.");
    }

    private static ConfigDef shuffle(ConfigDef definition) {
        return definition
                .define(
                        BLOCK_RECORDS,
                        Type.INT,
                        64,
                        Range.between(1, 1 << 20),
                        Importance.LOW,
                        "Consecutive records of a partition that are read together; blocks are permuted across"
                                + " partitions.")
                .define(
                        BUFFER_RECORDS,
                        Type.INT,
                        16_384,
                        Range.between(1, 1 << 24),
                        Importance.MEDIUM,
                        "Records that are shuffled together at most.")
                .define(
                        BUFFER_BYTES,
                        Type.LONG,
                        64L << 20,
                        Range.atLeast(1),
                        Importance.MEDIUM,
                        "Bytes of text that are shuffled together at most; a trainer holds up to twice that in memory.");
    }

    public static TrainerSettings of(Settings settings) {
        Topics topics = topics(settings);
        String scored = settings.text(SCORED_TOPIC);
        return new TrainerSettings(
                settings,
                topics,
                scored.isEmpty() ? topics.scoredDocuments() : topics.scored(scored),
                new Shuffle(
                        settings.integer(BLOCK_RECORDS),
                        settings.integer(BUFFER_RECORDS),
                        settings.longInteger(BUFFER_BYTES)),
                settings.integer(MAX_PASSES),
                Duration.ofMillis(settings.longInteger(CHECKPOINT_INTERVAL)),
                settings.integer(CHECKPOINTS_KEPT),
                Duration.ofMillis(settings.longInteger(PROGRESS_INTERVAL)));
    }

    /** Returns the time between records of a run's progress; more of them would only load the cluster. */
    Duration pulse() {
        return progressInterval.compareTo(SHORTEST_PULSE) < 0 ? SHORTEST_PULSE : progressInterval;
    }

    DocumentDecoder decoder(RunData data, TextTokenizer tokenizer) {
        return new DocumentDecoder(
                data,
                tokenizer.revision(),
                tokenizer.vocabularySize(),
                DeadLetterPositions.parse(settings.deadLetterPositions()));
    }

    public static Topics topics(Settings settings) {
        return new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes());
    }

    /** Returns the settings of consumers that jump from block to block and therefore fetch little at a time. */
    Map<String, Object> reader() {
        Map<String, Object> reader =
                new LinkedHashMap<>(Map.of("fetch.max.wait.ms", 20, "max.partition.fetch.bytes", 1 << 20));
        reader.putAll(settings.kafka());
        return reader;
    }
}

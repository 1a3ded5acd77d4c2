package org.bandpass.trainer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * Says how a run stands: its record, the position of its group and its dead letters in one transaction. The
 * transactional id is the run's, so that of two trainers of one run the older is fenced. One thread at a time.
 */
final class RunWriter implements AutoCloseable {

    static final String PROGRAM = "trainer";

    /** A killed trainer's transaction is in the way of everybody who reads training-runs, so it must end soon. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;
    /** A training must not wait long for a broker that is away. */
    private static final long BLOCK_MILLIS = 10_000;
    /** A beginning and an end must be said, though: for so long they are tried again. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Topics topics;
    private final Map<String, Object> client;
    private final String run;
    private final ConsumerGroupMetadata group;
    private final AvroSerde<TrainingRun> runs = AvroSerde.of(TrainingRun.class);
    private final AvroSerde<DeadLetter> letters = AvroSerde.of(DeadLetter.class);
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean fenced;

    /**
     * Says nothing yet.
     *
     * @param group whose position it commits
     */
    RunWriter(TrainerSettings settings, String run, ConsumerGroupMetadata group) {
        this.topics = settings.topics();
        this.client = new LinkedHashMap<>(settings.settings().kafka());
        client.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        client.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
        this.run = run;
        this.group = group;
    }

    /** Returns the group, and the transactional id, of a run. */
    static String name(Topics topics, String run) {
        return topics.group(PROGRAM + "." + run);
    }

    /**
     * Takes the run over from whoever trained it before: ends what that one left open, and lets it write no more. What
     * is read of the run is final only after this.
     */
    void takeOver() {
        patiently(this::producer);
    }

    /**
     * Writes a state that must not be missing: a broker that is slow, or away for a moment, is waited for.
     *
     * @throws KafkaException if nothing was written
     * @throws ProgramFailure if another trainer has taken over the run
     */
    void insist(TrainingRun state, Map<TopicPartition, Long> positions, Map<String, DeadLetter> refused) {
        patiently(() -> write(state, positions, refused));
    }

    /**
     * Writes a state, or nothing.
     *
     * @param positions of the run's group, by partition of its topic
     * @param refused dead letters by position
     * @throws KafkaException if nothing was written; it may be tried again
     * @throws ProgramFailure if another trainer has taken over the run
     */
    void write(TrainingRun state, Map<TopicPartition, Long> positions, Map<String, DeadLetter> refused) {
        if (fenced) {
            throw taken(null);
        }
        try {
            Producer<byte[], byte[]> open = producer();
            open.beginTransaction();
            refused.forEach((position, letter) -> open.send(
                    new ProducerRecord<>(topics.deadLetters(PROGRAM).name(), bytes(position), letters.write(letter))));
            open.send(new ProducerRecord<>(topics.trainingRuns().name(), bytes(run), runs.write(state)));
            open.sendOffsetsToTransaction(offsets(positions), group);
            Clients.commit(open);
        } catch (KafkaException e) {
            // A new producer ends what this one has left open.
            closeAbruptly();
            if (isCausedBy(e, ProducerFencedException.class) || isCausedBy(e, InvalidProducerEpochException.class)) {
                fenced = true;
                throw taken(e);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            open = Clients.transactional(client, topics, name(topics, run));
            producer = open;
            try {
                open.initTransactions();
            } catch (KafkaException e) {
                closeAbruptly();
                throw e;
            }
        }
        return open;
    }

    private static void patiently(Runnable work) {
        long began = System.nanoTime();
        while (true) {
            try {
                work.run();
                return;
            } catch (KafkaException e) {
                if (!isCausedBy(e, TimeoutException.class) || System.nanoTime() - began > PATIENCE.toNanos()) {
                    throw e;
                }
            }
        }
    }

    private void closeAbruptly() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, Long> positions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        positions.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        return offsets;
    }

    private static boolean isCausedBy(Throwable thrown, Class<? extends Throwable> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private ProgramFailure taken(@Nullable KafkaException e) {
        return new ProgramFailure("another trainer has taken over run '" + run + "'; this one has stopped", e);
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }
}

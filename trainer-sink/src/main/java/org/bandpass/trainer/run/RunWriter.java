package org.bandpass.trainer.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
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
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.trainer.data.RunData;
import org.bandpass.trainer.data.TrainerCluster;
import org.jspecify.annotations.Nullable;

/**
 * Writes the state of a run: its record, the position of its group and its dead letters in one transaction. The
 * transactional id is the run's, so that of two trainers of one run the older is fenced. One thread at a time.
 */
final class RunWriter implements AutoCloseable {

    /** The open transaction of a killed trainer blocks every reader of training-runs, so it must end soon. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;
    /** A training must not wait long for an unreachable broker. */
    private static final int BLOCK_MILLIS = 10_000;

    private final TrainerSettings settings;
    private final Topics topics;
    private final Map<String, Object> client;
    private final String run;
    private final ConsumerGroupMetadata group;
    private final AvroSerde<TrainingRun> runs = AvroSerde.of(TrainingRun.class);
    private final AvroSerde<DeadLetter> letters = AvroSerde.of(DeadLetter.class);
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable TrainingRun written;
    private @Nullable TrainingRun uncertain;
    private @Nullable KafkaException fenced;

    /** @param group its position is committed */
    RunWriter(TrainerSettings settings, String run, ConsumerGroupMetadata group) {
        this.settings = settings;
        this.topics = settings.topics();
        this.client = new LinkedHashMap<>(settings.settings().kafka());
        client.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        client.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
        // A flush waits for a sent record until its delivery times out. The three settings depend on each other.
        if (Stream.of(
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        ProducerConfig.LINGER_MS_CONFIG)
                .noneMatch(client::containsKey)) {
            client.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, BLOCK_MILLIS);
            client.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MILLIS / 2);
        }
        this.run = run;
        this.group = group;
    }

    /** Returns the group, and the transactional id, of a run. */
    static String name(Topics topics, String run) {
        return topics.group(RunData.PROGRAM + "." + run);
    }

    /**
     * Takes the run over from an earlier trainer: ends its open transaction and fences it. Only after this, the run's
     * record is final.
     */
    void takeOver() {
        patiently(this::producer);
    }

    /** As {@link #write}, but waits for an unreachable cluster as long as outage.patience.ms says. */
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
        TrainingRun stamped = TrainingRun.newBuilder(state)
                .setProgressMillis(settings.pulse().toMillis())
                .build();
        requireOurs();
        try {
            Producer<byte[], byte[]> open = producer();
            if (stamped.equals(uncertain) && stamped.equals(latest())) {
                written = stamped;
                uncertain = null;
                return;
            }
            uncertain = stamped;
            open.beginTransaction();
            refused.forEach((position, letter) -> open.send(new ProducerRecord<>(
                    topics.deadLetters(RunData.PROGRAM).name(), HeaderNames.bytes(position), letters.write(letter))));
            open.send(new ProducerRecord<>(topics.trainingRuns().name(), HeaderNames.bytes(run), runs.write(stamped)));
            open.sendOffsetsToTransaction(offsets(positions), group);
            Clients.commit(open);
            written = stamped;
            uncertain = null;
        } catch (KafkaException e) {
            // A new producer ends what this one has left open.
            closeAbruptly();
            if (ClientFailure.cause(e, ProducerFencedException.class) != null
                    || ClientFailure.cause(e, InvalidProducerEpochException.class) != null) {
                fenced = e;
                requireOurs();
                throw new TimeoutException("the cluster stood still while a record was written", e);
            }
            throw e;
        }
    }

    /**
     * Finds out who fenced the producer: another trainer of the run, or the cluster, which ends a transaction that a
     * stall has kept open for too long. Another trainer has written its own record, or will find this one's.
     */
    private void requireOurs() {
        TrainingRun latest = fenced == null ? null : latest();
        if (fenced != null && (latest == null || !latest.equals(written) && !latest.equals(uncertain))) {
            throw new ProgramFailure("another trainer has taken over run '" + run + "'; this one has stopped", fenced);
        }
        fenced = null;
    }

    private @Nullable TrainingRun latest() {
        try (Admin admin = Admin.create(settings.reader());
                Consumer<byte[], byte[]> reader = Clients.reader(settings.reader(), topics)) {
            return TrainerCluster.runOf(admin, reader, topics, run);
        }
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
    }

    private Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = Clients.transactional(client, topics, name(topics, run));
            try {
                producer.initTransactions();
            } catch (KafkaException e) {
                closeAbruptly();
                throw e;
            }
        }
        return producer;
    }

    private void patiently(Runnable work) {
        long patience = settings.settings().outagePatience().toNanos();
        long began = System.nanoTime();
        while (true) {
            try {
                work.run();
                return;
            } catch (KafkaException e) {
                if (ClientFailure.cause(e, TimeoutException.class) == null || System.nanoTime() - began > patience) {
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
}

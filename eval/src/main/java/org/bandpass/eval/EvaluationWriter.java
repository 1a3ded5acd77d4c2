package org.bandpass.eval;

import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Topics;
import org.jspecify.annotations.Nullable;

/**
 * Writes the results of a run, with the position after the run's record, in one transaction: all of it or nothing. One
 * thread at a time.
 *
 * <p>Each write has a new producer under the member's transactional id: parts of an evaluation are seconds apart, and a new
 * producer also ends a transaction that a failed write of the same member has left open.
 */
final class EvaluationWriter {

    /** Makes a transactional producer with a given id. */
    interface Producers {
        Producer<byte[], byte[]> open(String transactionalId);
    }

    /** An open transaction of a killed evaluator blocks every reader of evaluations, so it must end soon. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    private final Topics topics;
    private final Producers producers;
    private final String transactionalId;
    private final AvroSerde<EvaluationResult> results = AvroSerde.of(EvaluationResult.class);
    private final AvroSerde<DeadLetter> letters = AvroSerde.of(DeadLetter.class);

    EvaluationWriter(Topics topics, Producers producers) {
        this.topics = topics;
        this.producers = producers;
        this.transactionalId = topics.group(RunScore.PROGRAM + "." + UUID.randomUUID());
    }

    static Producers producers(EvalSettings settings) {
        Map<String, Object> kafka =
                settings.kafka(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        return transactionalId -> Clients.transactional(kafka, settings.topics(), transactionalId);
    }

    /**
     * Writes a part of an evaluation, or nothing.
     *
     * @param position position to commit with it
     * @param member member of the group that commits; null for no position
     * @throws KafkaException if nothing was written; it may be tried again as long as the member owns the partition
     */
    void write(
            EvaluationPart part,
            Map<TopicPartition, OffsetAndMetadata> position,
            @Nullable ConsumerGroupMetadata member) {
        try (Producer<byte[], byte[]> producer = producers.open(transactionalId)) {
            producer.initTransactions();
            producer.beginTransaction();
            try {
                send(producer, part);
                if (member != null) {
                    producer.sendOffsetsToTransaction(position, member);
                }
                Clients.commit(producer);
            } catch (KafkaException e) {
                abort(producer, e);
                throw e;
            }
        }
    }

    private void send(Producer<byte[], byte[]> producer, EvaluationPart part) {
        String evaluations = topics.evaluations().name();
        // A result may have the key of a stale one.
        part.stale().forEach(key -> producer.send(new ProducerRecord<>(evaluations, HeaderNames.bytes(key), null)));
        part.results()
                .forEach(result -> producer.send(new ProducerRecord<>(
                        evaluations, HeaderNames.bytes(RunScore.key(result)), results.write(result))));
        String deadLetters = topics.deadLetters(RunScore.PROGRAM).name();
        part.letters()
                .forEach((key, letter) -> producer.send(
                        new ProducerRecord<>(deadLetters, HeaderNames.bytes(key), letters.write(letter))));
    }

    private static void abort(Producer<byte[], byte[]> producer, KafkaException cause) {
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            // The transaction's timeout ends it, or the next write's producer does.
            cause.addSuppressed(e);
        }
    }
}

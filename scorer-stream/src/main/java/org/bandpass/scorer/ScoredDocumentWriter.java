package org.bandpass.scorer;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.HeaderNames;

/**
 * Writes scored flights and the positions after them in one transaction, which is open only while it writes. One thread
 * at a time.
 */
final class ScoredDocumentWriter implements AutoCloseable {

    interface Producers {
        Producer<byte[], byte[]> open(String transactionalId);
    }

    /** The open transaction of a killed scorer blocks all readers of the scores until this time-out. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Producers producers;
    private final String transactionalId;
    private final Set<TopicOffset> refused = ConcurrentHashMap.newKeySet();
    private Producer<byte[], byte[]> producer;

    private record TopicOffset(TopicPartition partition, long offset) {}

    /**
     * Opens a producer, which ends the open transaction of an earlier one with the same id.
     *
     * @param transactionalId of this member alone
     * @throws KafkaException if no broker answers
     */
    ScoredDocumentWriter(String transactionalId, Producers producers) {
        this.producers = producers;
        this.transactionalId = transactionalId;
        this.producer = opened();
    }

    static Producers producers(ScorerSettings settings) {
        Map<String, Object> kafka = new LinkedHashMap<>(settings.kafka());
        kafka.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        return transactionalId -> Clients.transactional(kafka, settings.topics(), transactionalId);
    }

    /**
     * Writes flights of any partitions, in order within each.
     *
     * @param member of the group, whose positions are committed
     * @return false if nothing was written because the cluster permanently {@link #refuses} a record
     * @throws KafkaException if the write failed or its result is unknown; after {@link #reopen} the group's positions
     *     show which
     */
    boolean write(List<FlightRecords> flights, ConsumerGroupMetadata member) {
        int before = refused.size();
        try {
            producer.beginTransaction();
            Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
            for (FlightRecords flight : flights) {
                flight.records().forEach(record -> send(record, flight.flight().partition()));
                positions.put(
                        flight.flight().partition(),
                        new OffsetAndMetadata(flight.flight().end()));
            }
            producer.sendOffsetsToTransaction(positions, member);
            Clients.commit(producer);
            return true;
        } catch (KafkaException e) {
            if (refused.size() > before) {
                return false;
            }
            throw e;
        }
    }

    /** Sends a record; the commit waits for it and throws other errors. */
    private void send(ProducerRecord<byte[], byte[]> record, TopicPartition documents) {
        producer.send(record, (metadata, e) -> {
            if (e instanceof RecordTooLargeException
                    && record.headers().lastHeader(HeaderNames.SOURCE_OFFSET) != null) {
                refused.add(new TopicOffset(
                        documents, HeaderNames.longInteger(record.headers(), HeaderNames.SOURCE_OFFSET)));
            }
        });
    }

    /** Returns whether the cluster has refused the score of a document for its size. */
    boolean refuses(TopicPartition documents, long offset) {
        return refused.contains(new TopicOffset(documents, offset));
    }

    /** Ends the transaction of a failed write: aborts it, or completes it if the commit was already decided. */
    void reopen() {
        producer.close(Duration.ZERO);
        producer = opened();
    }

    private Producer<byte[], byte[]> opened() {
        Producer<byte[], byte[]> opened = producers.open(transactionalId);
        try {
            opened.initTransactions();
            return opened;
        } catch (RuntimeException e) {
            opened.close(Duration.ZERO);
            throw e;
        }
    }

    @Override
    public void close() {
        // Each write has waited for its commit; the broker ends the transaction of a failed one.
        producer.close(CLOSE);
    }
}

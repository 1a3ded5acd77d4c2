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
 * Writes scored flights and the positions after them in one transaction: all or nothing. The transaction is
 * open for no longer than writing takes. One thread at a time.
 */
final class ScoredDocumentWriter implements AutoCloseable {

    interface Producers {
        Producer<byte[], byte[]> open(String transactionalId);
    }

    /** A killed scorer's open transaction blocks all readers of the scores, so it must end soon. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Producers producers;
    private final String transactionalId;
    private final Set<TopicOffset> refused = ConcurrentHashMap.newKeySet();
    private Producer<byte[], byte[]> producer;

    private record TopicOffset(TopicPartition partition, long offset) {}

    /**
     * Opens a producer, which ends what an earlier one with this id left open.
     *
     * @param transactionalId no other member's
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
     * Writes flights of any partitions, those of one in order.
     *
     * @param member who commits their positions
     * @return false if nothing was written because the cluster {@link #refuses} a record for good
     * @throws KafkaException if they were not written, or it is unknown; the group's positions show it after
     *     {@link #reopen}
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

    /** Sends a record; other errors of a send come from the commit, which waits for it. */
    private void send(ProducerRecord<byte[], byte[]> record, TopicPartition documents) {
        producer.send(record, (metadata, e) -> {
            if (e instanceof RecordTooLargeException
                    && record.headers().lastHeader(HeaderNames.SOURCE_OFFSET) != null) {
                refused.add(new TopicOffset(
                        documents, HeaderNames.longInteger(record.headers(), HeaderNames.SOURCE_OFFSET)));
            }
        });
    }

    /** Returns whether the score of a document is larger than its topic takes on this cluster. */
    boolean refuses(TopicPartition documents, long offset) {
        return refused.contains(new TopicOffset(documents, offset));
    }

    /** Ends what a failed write has left open: aborts it, or completes it where the commit had been decided. */
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
        // Each write has waited for its commit; what a failed one has left is the broker's to end.
        producer.close(CLOSE);
    }
}

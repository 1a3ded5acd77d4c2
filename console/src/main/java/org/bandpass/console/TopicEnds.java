package org.bandpass.console;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.console.Blocked.OpenTransaction;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.OffsetSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Where a topic begins and ends now.
 *
 * @param readable what a reader of committed records sees
 * @param written offset after the last record, committed or not
 * @param open the oldest open transaction of each partition that has one and whose broker names it
 */
record TopicEnds(
        OffsetSnapshot readable, Map<TopicPartition, Long> written, Map<TopicPartition, OpenTransaction> open) {

    /** Asks the broker. The written ends come last, so no position that was read before lies beyond them. */
    static TopicEnds of(Consumer<?, ?> reader, Admin admin, String topic) {
        OffsetSnapshot readable = OffsetSnapshot.visible(reader, topic);
        TopicEnds ends = new TopicEnds(
                readable, CatchUp.of(admin, topic, readable.to().size()).ends(), new HashMap<>());
        List<TopicPartition> beyond = readable.to().keySet().stream()
                .filter(partition -> ends.written(partition) > ends.readable(partition))
                .toList();
        if (!beyond.isEmpty()) {
            DescribeProducersResult described = admin.describeProducers(beyond);
            beyond.forEach(partition -> ends.addOldest(admin, partition, answer(described.partitionResult(partition))));
        }
        return ends;
    }

    private void addOldest(Admin admin, TopicPartition partition, @Nullable PartitionProducerState producers) {
        if (producers != null) {
            producers.activeProducers().stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .min(Comparator.comparingLong(
                            producer -> producer.currentTransactionStartOffset().orElse(Long.MAX_VALUE)))
                    .ifPresent(producer -> open.put(partition, transactionOf(admin, producer)));
        }
    }

    private static OpenTransaction transactionOf(Admin admin, ProducerState producer) {
        var options = new ListTransactionsOptions().filterProducerIds(Set.of(producer.producerId()));
        var listed = answer(admin.listTransactions(options).all());
        Instant since = Instant.ofEpochMilli(producer.lastTimestamp());
        if (listed == null || listed.isEmpty()) {
            // Without its coordinator nobody ends a transaction: it hangs.
            return new OpenTransaction("producer " + producer.producerId() + " (no transactional id is known)", since);
        }
        TransactionListing listing = listed.iterator().next();
        String id = listing.transactionalId();
        TransactionDescription description =
                answer(admin.describeTransactions(List.of(id)).description(id));
        OptionalLong began = description == null ? OptionalLong.empty() : description.transactionStartTimeMs();
        return new OpenTransaction(id, began.isPresent() ? Instant.ofEpochMilli(began.getAsLong()) : since);
    }

    /** Returns null if the broker refuses: seeing transactions needs more rights than reading. */
    private static <T> @Nullable T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            return null;
        } catch (InterruptedException e) {
            throw Positions.interrupted(e);
        }
    }

    long first(TopicPartition partition) {
        return readable.from().getOrDefault(partition, 0L);
    }

    long readable(TopicPartition partition) {
        return readable.to().getOrDefault(partition, 0L);
    }

    long written(TopicPartition partition) {
        return Math.max(readable(partition), written.getOrDefault(partition, 0L));
    }

    /** Returns what an open transaction hides from a reader at some offset. */
    Blocked blocked(TopicPartition partition, long position) {
        long offsets = written(partition) - Math.max(readable(partition), position);
        return offsets > 0 ? new Blocked(offsets, open.get(partition)) : Blocked.NOT;
    }
}

package org.bandpass.console;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.console.Blocked.OpenTransaction;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Finds whose open transaction hides the end of a partition from readers of committed records. */
final class OpenTransactions {

    private final Admin admin;

    OpenTransactions(Admin admin) {
        this.admin = admin;
    }

    /** Returns the oldest transaction of each partition, where the broker tells it. */
    Map<TopicPartition, OpenTransaction> oldest(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OpenTransaction> oldest = new HashMap<>();
        if (partitions.isEmpty()) {
            return oldest;
        }
        var described = admin.describeProducers(partitions);
        for (TopicPartition partition : partitions) {
            var producers = answer(described.partitionResult(partition));
            if (producers != null) {
                producers.activeProducers().stream()
                        .filter(producer ->
                                producer.currentTransactionStartOffset().isPresent())
                        .min(Comparator.comparingLong(producer ->
                                producer.currentTransactionStartOffset().orElse(Long.MAX_VALUE)))
                        .ifPresent(producer -> oldest.put(partition, transactionOf(producer)));
            }
        }
        return oldest;
    }

    private OpenTransaction transactionOf(ProducerState producer) {
        var options = new ListTransactionsOptions().filterProducerIds(Set.of(producer.producerId()));
        Collection<TransactionListing> listed = Objects.requireNonNullElse(
                answer(admin.listTransactions(options).all()), List.of());
        // Without its coordinator nobody ends a transaction: it hangs.
        String owner = listed.stream()
                .map(TransactionListing::transactionalId)
                .findFirst()
                .orElse("producer " + producer.producerId() + " (no transactional id is known)");
        Instant since = listed.stream()
                .findFirst()
                .flatMap(listing -> begin(listing.transactionalId()))
                .orElse(Instant.ofEpochMilli(producer.lastTimestamp()));
        return new OpenTransaction(owner, since);
    }

    private Optional<Instant> begin(String transactionalId) {
        TransactionDescription description =
                answer(admin.describeTransactions(List.of(transactionalId)).description(transactionalId));
        return description == null || description.transactionStartTimeMs().isEmpty()
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(
                        description.transactionStartTimeMs().getAsLong()));
    }

    /** Returns null where the broker refuses: seeing transactions needs more rights than reading. */
    private static <T> @Nullable T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while talking to the broker", e);
        }
    }
}

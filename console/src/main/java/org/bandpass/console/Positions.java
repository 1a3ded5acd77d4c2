package org.bandpass.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.service.ProgramFailure;

/** The broker's topics and groups: which exist, which have members, and what they have committed. */
final class Positions implements AutoCloseable {

    /** How long to wait for pending offsets; a transaction that is open for longer is ignored. */
    private static final Duration PENDING = Duration.ofSeconds(1);

    private final Admin admin;
    private final String servers;
    private final Duration timeout;
    private final Set<String> topics;
    private final Map<String, GroupListing> groups = new HashMap<>();

    /**
     * Asks the broker for topics and groups.
     *
     * @throws ProgramFailure if none answers
     */
    Positions(ConsoleSettings settings) {
        servers = String.valueOf(settings.kafka().get("bootstrap.servers"));
        timeout = settings.timeout();
        try {
            admin = Admin.create(settings.kafka());
        } catch (KafkaException e) {
            throw ProgramFailure.noBroker(servers, e);
        }
        try {
            topics = await(admin.listTopics().names());
            await(admin.listGroups().all()).forEach(group -> groups.put(group.groupId(), group));
        } catch (RuntimeException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    boolean exists(String topic) {
        return topics.contains(topic);
    }

    Admin admin() {
        return admin;
    }

    /**
     * Returns the committed offsets of groups; a partition without one is absent. If a commit is pending in a transaction
     * that stays open, the offset before it counts.
     *
     * @param partitions by group
     */
    Map<String, Map<TopicPartition, Long>> committed(Map<String, List<TopicPartition>> partitions) {
        Map<String, Map<TopicPartition, Long>> committed = new HashMap<>();
        Map<String, List<TopicPartition>> pending = new HashMap<>(partitions);
        long began = System.nanoTime();
        // Stable offsets first: those of a transaction that was just committed may not have reached the group yet.
        do {
            ask(pending, true, committed);
        } while (!pending.isEmpty() && waitSince(began));
        ask(pending, false, committed);
        return committed;
    }

    /** Returns whether members of a group are alive, in a word. */
    String stateOf(String group) {
        GroupListing listing = groups.get(group);
        GroupState state =
                listing == null ? GroupState.DEAD : listing.groupState().orElse(GroupState.UNKNOWN);
        return switch (state) {
            case STABLE -> "running";
            case EMPTY, DEAD -> "stopped";
            case PREPARING_REBALANCE, COMPLETING_REBALANCE, ASSIGNING, RECONCILING -> "rebalancing";
            case NOT_READY -> "not ready";
            case UNKNOWN -> "unknown";
        };
    }

    @Override
    public void close() {
        admin.close(timeout);
    }

    /** Adds the offsets that the broker knows and removes their partitions from the pending ones. */
    private void ask(
            Map<String, List<TopicPartition>> pending,
            boolean stable,
            Map<String, Map<TopicPartition, Long>> committed) {
        if (pending.isEmpty()) {
            return;
        }
        Map<String, ListConsumerGroupOffsetsSpec> specs = new HashMap<>();
        pending.forEach((group, partitions) ->
                specs.put(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)));
        Map<String, Map<TopicPartition, OffsetAndMetadata>> answer =
                await(admin.listConsumerGroupOffsets(specs, new ListConsumerGroupOffsetsOptions().requireStable(stable))
                        .all());
        answer.forEach((group, offsets) -> {
            List<TopicPartition> left = new ArrayList<>(pending.getOrDefault(group, List.of()));
            // The answer has null for a partition without a position, and nothing for one whose commit is pending.
            left.removeAll(offsets.keySet());
            pending.put(group, left);
            offsets.forEach((partition, offset) -> {
                if (offset != null) {
                    committed.computeIfAbsent(group, g -> new HashMap<>()).put(partition, offset.offset());
                }
            });
        });
        pending.values().removeIf(List::isEmpty);
    }

    private static boolean waitSince(long began) {
        if (System.nanoTime() - began > PENDING.toNanos()) {
            return false;
        }
        try {
            Thread.sleep(100);
            return true;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TimeoutException
                    ? ProgramFailure.noBroker(servers, e)
                    : new ProgramFailure("the broker at " + servers + " refused: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static ProgramFailure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ProgramFailure("interrupted while talking to the broker", e);
    }
}

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

/** What the broker knows of topics and groups: which exist, who is alive, what was committed. */
final class Positions implements AutoCloseable {

    /** How long to wait for pending offsets; a transaction that is open for longer is ignored. */
    private static final Duration UNDECIDED = Duration.ofSeconds(1);

    private static final int LOOK_MILLIS = 100;

    private final Admin admin;
    private final String servers;
    private final int timeoutMillis;
    private final Set<String> topics;
    private final Map<String, GroupListing> groups = new HashMap<>();

    private Positions(Admin admin, String servers, Duration timeout) {
        this.admin = admin;
        this.servers = servers;
        this.timeoutMillis = Math.toIntExact(timeout.toMillis());
        this.topics = await(admin.listTopics().names());
        await(admin.listGroups().all()).forEach(group -> groups.put(group.groupId(), group));
    }

    /**
     * Asks the broker what there is.
     *
     * @throws ProgramFailure if none answers
     */
    static Positions ask(ConsoleSettings settings) {
        String servers = String.valueOf(settings.kafka().get("bootstrap.servers"));
        Admin admin;
        try {
            admin = Admin.create(settings.kafka());
        } catch (KafkaException e) {
            throw ProgramFailure.noBroker(servers, e);
        }
        try {
            return new Positions(admin, servers, settings.timeout());
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
     * Returns what groups have committed by partition; a partition without a position is absent. Where a commit is pending
     * in a transaction that stays open, the offset before it counts.
     *
     * @param partitions those to ask for, by group
     */
    Map<String, Map<TopicPartition, Long>> committed(Map<String, List<TopicPartition>> partitions) {
        Map<String, Map<TopicPartition, Long>> committed = new HashMap<>();
        partitions.keySet().forEach(group -> committed.put(group, new HashMap<>()));
        Map<String, List<TopicPartition>> undecided = new HashMap<>(partitions);
        long began = System.nanoTime();
        // Stable offsets first: those of a transaction that was just committed may be on their way to the group.
        do {
            ask(undecided, true, committed);
        } while (!undecided.isEmpty() && waitSince(began));
        ask(undecided, false, committed);
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
        admin.close(Duration.ofMillis(timeoutMillis));
    }

    /** Asks for offsets and removes the answered ones from the undecided. */
    private void ask(
            Map<String, List<TopicPartition>> undecided,
            boolean stable,
            Map<String, Map<TopicPartition, Long>> committed) {
        if (undecided.isEmpty()) {
            return;
        }
        Map<String, ListConsumerGroupOffsetsSpec> specs = new HashMap<>();
        undecided.forEach((group, partitions) ->
                specs.put(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)));
        Map<String, Map<TopicPartition, OffsetAndMetadata>> answer =
                await(admin.listConsumerGroupOffsets(specs, new ListConsumerGroupOffsetsOptions().requireStable(stable))
                        .all());
        answer.forEach((group, offsets) -> {
            List<TopicPartition> left = new ArrayList<>(undecided.getOrDefault(group, List.of()));
            // A partition without a position is there, with null; one whose commit is pending is not there.
            left.removeAll(offsets.keySet());
            undecided.put(group, left);
            offsets.forEach((partition, offset) -> {
                if (offset != null) {
                    committed.computeIfAbsent(group, g -> new HashMap<>()).put(partition, offset.offset());
                }
            });
        });
        undecided.values().removeIf(List::isEmpty);
    }

    private static boolean waitSince(long began) {
        if (System.nanoTime() - began > UNDECIDED.toNanos()) {
            return false;
        }
        try {
            Thread.sleep(LOOK_MILLIS);
            return true;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private ProgramFailure failure(ExecutionException e) {
        return e.getCause() instanceof TimeoutException
                ? ProgramFailure.noBroker(servers, e)
                : new ProgramFailure("the broker at " + servers + " refused: " + e.getMessage(), e);
    }

    private static ProgramFailure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ProgramFailure("interrupted while talking to the broker", e);
    }
}

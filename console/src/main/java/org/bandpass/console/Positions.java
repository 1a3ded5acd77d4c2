package org.bandpass.console;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** What the broker knows of topics and groups: which exist, who is alive, what was committed. */
final class Positions implements AutoCloseable {

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

    /** Returns what a group has committed by partition; a partition without a position is absent. */
    Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        offsetsOf(group).forEach((partition, offset) -> {
            if (offset != null) {
                offsets.put(partition, offset.offset());
            }
        });
        return offsets;
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

    private Map<TopicPartition, org.apache.kafka.clients.consumer.@Nullable OffsetAndMetadata> offsetsOf(String group) {
        // Stable offsets first: those of a transaction that was just committed may be on their way to the group.
        ListConsumerGroupOffsetsOptions stable =
                new ListConsumerGroupOffsetsOptions().requireStable(true).timeoutMs(Math.min(5_000, timeoutMillis));
        try {
            return admin.listConsumerGroupOffsets(group, stable)
                    .partitionsToOffsetAndMetadata()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TimeoutException)) {
                throw failure(e);
            }
            // A transaction stays open: what was committed before it is the position.
            return await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
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

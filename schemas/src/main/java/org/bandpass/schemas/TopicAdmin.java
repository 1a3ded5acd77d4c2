package org.bandpass.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Creates topics, and refuses existing ones with a wrong number of partitions. */
@NullMarked
public record TopicAdmin(Admin admin, short replication) {

    /** The broker's default.replication.factor. */
    public static final short BROKER_DEFAULT_REPLICATION = -1;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CHECK_MILLIS = 20;
    private static final int WAIT_MILLIS = 500;

    /** Creates missing topics with the broker's default replication. */
    public static void ensure(Admin admin, Collection<TopicSpec> topics) {
        new TopicAdmin(admin, BROKER_DEFAULT_REPLICATION).ensure(topics);
    }

    /**
     * Creates missing topics. When this returns, clients can use all of them.
     *
     * @return names of the created topics
     * @throws IllegalStateException if a topic exists with another number of partitions
     */
    public List<String> ensure(Collection<TopicSpec> topics) {
        List<String> created = new ArrayList<>();
        for (TopicSpec topic : topics) {
            Integer partitions = partitions(topic.name());
            if (partitions == null) {
                if (create(topic.creation(replication))) {
                    created.add(topic.name());
                }
                partitions = awaitKnown(topic.name());
            }
            if (partitions != topic.partitions()) {
                throw new IllegalStateException("topic " + topic.name() + " has " + partitions
                        + " partitions, expected "
                        + topic.partitions() + ": documents, scored documents and bands need the same number, and it"
                        + " must never change; set topic.partitions=" + partitions + " or use another topic.prefix");
            }
        }
        return created;
    }

    /**
     * Requires the topic that a program reads, so that a mistyped prefix is an error.
     *
     * @param topic full name
     * @param prefix its prefix
     * @param wait whether to wait until the topic exists
     * @param stopped whether to end the wait
     * @return whether it exists; false only if the wait was ended
     * @throws IllegalStateException if it does not exist, without a wait; the message names existing prefixes
     */
    public boolean require(String topic, String prefix, boolean wait, BooleanSupplier stopped) {
        Outage outage = new Outage(null, stopped);
        for (boolean waiting = false; !exists(topic, waiting ? outage : null); waiting = true) {
            if (!wait) {
                throw new IllegalStateException("there is no topic " + topic + " (topic.prefix=" + prefix + "); "
                        + existing(topic.substring(prefix.length()))
                        + "; set topic.prefix, or wait for the topic with --wait-for-topics");
            }
            if (stopped.getAsBoolean()) {
                return false;
            }
            if (!waiting) {
                System.err.println("waiting for topic " + topic);
            }
            pause(WAIT_MILLIS);
        }
        return true;
    }

    /** Returns whether a topic exists; an outage that begins during a wait is part of the wait. */
    private boolean exists(String topic, @Nullable Outage outage) {
        try {
            boolean exists = partitions(topic) != null;
            if (outage != null) {
                outage.worked();
            }
            return exists;
        } catch (IllegalStateException e) {
            if (outage == null) {
                throw e;
            }
            outage.outlive(e);
            return false;
        }
    }

    private String existing(String name) {
        Set<String> topics = answer(admin.listTopics().names(), null, "cannot list the topics");
        List<String> prefixes = Stream.ofNullable(topics)
                .flatMap(Set::stream)
                .filter(topic -> topic.endsWith("." + name))
                .map(topic -> topic.substring(0, topic.length() - name.length()))
                .sorted()
                .toList();
        return prefixes.isEmpty()
                ? "no prefix has a topic " + name
                : "a topic " + name + " exists under " + String.join(", ", prefixes);
    }

    /** Waits until the brokers know a new topic, which the controller knows earlier. */
    private int awaitKnown(String topic) {
        long began = System.nanoTime();
        Integer partitions = partitions(topic);
        while (partitions == null) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new IllegalStateException("topic " + topic + " was created, but no broker has known it for "
                        + PATIENCE.toSeconds() + " s: check the brokers' logs");
            }
            pause(CHECK_MILLIS);
            partitions = partitions(topic);
        }
        return partitions;
    }

    /** Returns the number of partitions of a topic, or null where there is no such topic. */
    public @Nullable Integer partitions(String topic) {
        TopicDescription described = answer(
                admin.describeTopics(List.of(topic)).topicNameValues().get(topic),
                UnknownTopicOrPartitionException.class,
                "cannot describe topic " + topic);
        return described == null ? null : described.partitions().size();
    }

    private boolean create(NewTopic topic) {
        // The result's other futures fail for a user who may create the topic, but not read its settings.
        KafkaFuture<Boolean> created = admin.createTopics(List.of(topic)).all().thenApply(done -> true);
        return answer(created, TopicExistsException.class, "cannot create topic " + topic.name()) != null;
    }

    /** Returns the broker's answer, or null if it refuses with the expected error. */
    private static <T> @Nullable T answer(
            @Nullable KafkaFuture<T> future, @Nullable Class<? extends Throwable> expected, String otherwise) {
        try {
            return future == null ? null : future.get();
        } catch (ExecutionException e) {
            if (expected != null && expected.isInstance(e.getCause())) {
                return null;
            }
            throw new IllegalStateException(otherwise + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while talking to the broker", e);
    }
}

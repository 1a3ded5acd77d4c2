package org.bandpass.trainer.data;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.schemas.UnreadableRecord;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Settings;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * The topics, plans and runs of a cluster that the trainer needs. One thread at a time.
 *
 * @param waits whether to wait for topics that are read, until {@code stop}
 */
public record TrainerCluster(Settings settings, Topics topics, Admin admin, boolean waits, Stop stop)
        implements AutoCloseable {

    private static final int ANSWER_MILLIS = 10_000;

    /** @throws ProgramFailure if no broker answers */
    public static TrainerCluster open(Settings settings, boolean waits, Stop stop) {
        Topics topics = new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes());
        Map<String, Object> kafka = settings.kafka();
        // Only the first answer must come soon; later a busy cluster may take longer.
        Integer soon = kafka.containsKey("default.api.timeout.ms") ? null : ANSWER_MILLIS;
        try {
            Admin admin = Admin.create(kafka);
            try {
                admin.describeCluster(new DescribeClusterOptions().timeoutMs(soon))
                        .nodes()
                        .get();
                return new TrainerCluster(settings, topics, admin, waits, stop);
            } catch (ExecutionException | InterruptedException | KafkaException e) {
                admin.close(Duration.ZERO);
                throw e;
            }
        } catch (ExecutionException | KafkaException e) {
            throw ProgramFailure.noBroker(kafka.get("bootstrap.servers"), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while talking to the broker", e);
        }
    }

    /** Makes the topics that the trainer writes, where they are missing. */
    public void ensure(List<TopicSpec> needed) {
        try {
            new TopicAdmin(admin, settings.topicReplication()).ensure(needed);
        } catch (IllegalStateException e) {
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    /**
     * Requires a topic that another program writes.
     *
     * @param advice what to do where it is missing
     * @throws ProgramFailure if there is none, or it has another number of partitions
     */
    public void require(TopicSpec topic, String advice) {
        TopicAdmin topicAdmin = new TopicAdmin(admin, settings.topicReplication());
        Integer partitions;
        try {
            if (!topicAdmin.require(topic.name(), topics.prefix(), waits, stop::requested)) {
                throw new ProgramFailure("stopped while waiting for topic " + topic.name());
            }
            partitions = topicAdmin.partitions(topic.name());
        } catch (IllegalStateException e) {
            throw new ProgramFailure(e.getMessage() + "; " + advice, e);
        }
        if (partitions != null && partitions != topic.partitions()) {
            throw new ProgramFailure("topic " + topic.name() + " has " + partitions + " partitions, expected "
                    + topic.partitions() + "; set topic.partitions=" + partitions + " or use another topic.prefix");
        }
    }

    /** @throws ProgramFailure if there is no such plan or band */
    public Plan plan(Consumer<byte[], byte[]> reader, String name, String band) {
        require(topics.plans(), "'bandpass cuts freeze' makes plans");
        Map<String, Plan> plans =
                CompactedTopic.read(admin, reader, topics.plans().name(), Plan.class, stopAt(name));
        Plan plan = plans.get(name);
        if (plan == null) {
            throw new ProgramFailure("there is no plan '" + name + "'"
                    + (plans.isEmpty()
                            ? "; 'bandpass cuts freeze' makes one"
                            : "; there are " + String.join(", ", new TreeSet<>(plans.keySet()))));
        }
        List<String> bands = plan.getBands().stream().map(Band::getName).toList();
        if (!bands.contains(band)) {
            throw new ProgramFailure(
                    "plan '" + name + "' has no band '" + band + "'; it has " + String.join(", ", bands));
        }
        return plan;
    }

    /**
     * Returns a run's record in training-runs, or null.
     *
     * @throws ProgramFailure if its record cannot be read; those of other runs need not be readable
     */
    public static @Nullable TrainingRun runOf(
            Admin admin, Consumer<byte[], byte[]> reader, Topics topics, String name) {
        return CompactedTopic.read(admin, reader, topics.trainingRuns().name(), TrainingRun.class, stopAt(name))
                .get(name);
    }

    private static UnreadableRecord.Visitor stopAt(String key) {
        return record -> {
            if (record.key().equals(key)) {
                throw new ProgramFailure(
                        record.sentence() + "; use the version of Bandpass that wrote it", record.why());
            }
        };
    }

    @Override
    public void close() {
        admin.close(Duration.ofMillis(ANSWER_MILLIS));
    }
}

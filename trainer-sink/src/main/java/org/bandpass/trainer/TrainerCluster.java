package org.bandpass.trainer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Settings;
import org.jspecify.annotations.Nullable;

/** The cluster as the programs see it: what exists, and who can read it. One thread at a time. */
final class TrainerCluster implements AutoCloseable {

    private static final int ANSWER_MILLIS = 10_000;

    private final Settings settings;
    private final Topics topics;
    private final Admin admin;

    private TrainerCluster(Settings settings, Topics topics, Admin admin) {
        this.settings = settings;
        this.topics = topics;
        this.admin = admin;
    }

    /**
     * Connects.
     *
     * @throws ProgramFailure if no broker answers
     */
    static TrainerCluster open(Settings settings) {
        Map<String, Object> kafka = settings.kafka();
        // Only the first answer must come soon, or as soon as the settings say: a busy cluster takes its time later.
        Integer soon = kafka.containsKey("default.api.timeout.ms") ? null : ANSWER_MILLIS;
        try {
            Admin admin = Admin.create(kafka);
            try {
                admin.describeCluster(new DescribeClusterOptions().timeoutMs(soon))
                        .nodes()
                        .get();
                return new TrainerCluster(settings, TrainerSettings.topics(settings), admin);
            } catch (ExecutionException | KafkaException e) {
                admin.close(Duration.ZERO);
                throw ProgramFailure.noBroker(settings.kafka().get("bootstrap.servers"), e);
            }
        } catch (KafkaException e) {
            throw ProgramFailure.noBroker(settings.kafka().get("bootstrap.servers"), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while talking to the broker", e);
        }
    }

    /** Makes the topics that a program writes. */
    void ensure(List<TopicSpec> needed) {
        try {
            new TopicAdmin(admin, settings.topicReplication()).ensure(needed);
        } catch (IllegalStateException e) {
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    /**
     * Requires a topic that another program writes.
     *
     * @param otherwise what to do where it is not there
     * @throws ProgramFailure if there is none, or it is cut in another way
     */
    void require(TopicSpec topic, String otherwise) {
        Integer partitions = partitions(topic);
        if (partitions == null) {
            throw new ProgramFailure("there is no topic " + topic.name() + ": " + otherwise);
        }
        if (partitions != topic.partitions()) {
            throw new ProgramFailure("topic " + topic.name() + " has " + partitions + " partitions, expected "
                    + topic.partitions() + "; set topic.partitions=" + partitions + " or use another topic.prefix");
        }
    }

    private @Nullable Integer partitions(TopicSpec topic) {
        try {
            return new TopicAdmin(admin, settings.topicReplication()).partitions(topic.name());
        } catch (IllegalStateException e) {
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    /**
     * Returns a plan that has a band.
     *
     * @throws ProgramFailure if there is no such plan or band
     */
    Plan plan(Consumer<byte[], byte[]> reader, String name, String band) {
        Map<String, Plan> plans =
                partitions(topics.plans()) == null ? Map.of() : table(reader, topics.plans(), Plan.class);
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

    /** Returns what training-runs says of a run, or null. */
    @Nullable
    TrainingRun run(Consumer<byte[], byte[]> reader, String name) {
        return table(reader, topics.trainingRuns(), TrainingRun.class).get(name);
    }

    private <T extends SpecificRecord> Map<String, T> table(
            Consumer<byte[], byte[]> reader, TopicSpec topic, Class<T> type) {
        return CompactedTopic.read(admin, reader, topic.name(), type);
    }

    /** Takes a snapshot of everything that was written up to now, the same from run to run: open transactions count. */
    OffsetSnapshot snapshot(Consumer<byte[], byte[]> reader, TopicSpec topic) {
        return OffsetSnapshot.written(admin, reader, topic.name());
    }

    @Override
    public void close() {
        admin.close(Duration.ofMillis(ANSWER_MILLIS));
    }
}

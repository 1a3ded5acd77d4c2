package org.bandpass.console;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;

/**
 * The work of eval: finished runs, and unreadable records, which it has to refuse. Without a committed offset it reads all
 * runs again and skips the models that have results; those are no work then.
 */
final class EvaluatedRuns implements Resume, Predicate<ConsumerRecord<byte[], byte[]>> {

    private record Model(String run, String revision) {}

    private final Consumer<byte[], byte[]> reader;
    private final String evaluations;
    private final AvroSerde<TrainingRun> runs = AvroSerde.of(TrainingRun.class);
    private final Set<Model> evaluated = new HashSet<>();

    EvaluatedRuns(Consumer<byte[], byte[]> reader, String evaluations) {
        this.reader = reader;
        this.evaluations = evaluations;
    }

    @Override
    public Point in(Set<TopicPartition> partitions, boolean none) {
        CompactedTopic.read(
                        OffsetSnapshot.visible(reader, evaluations), reader, EvaluationResult.class, unreadable -> {})
                .values()
                .stream()
                // Ranges of a profile's tasks are written while an evaluation goes on.
                .filter(result -> result.getProfile().isEmpty())
                .forEach(result -> evaluated.add(new Model(result.getRunId(), result.getModelRevision())));
        return new Point(Map.of(), Map.of(), !evaluated.isEmpty(), null);
    }

    @Override
    public boolean test(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return false;
        }
        try {
            TrainingRun run = runs.read(record.value());
            String revision = run.getModelRevision();
            return run.getState() == RunState.FINISHED
                    && (revision == null || !evaluated.contains(new Model(run.getRunId(), revision)));
        } catch (SerializationException e) {
            return true;
        }
    }
}

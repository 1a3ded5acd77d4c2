package org.bandpass.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunStanding;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;

/** Who follows which topic: the programs that always exist, a router per plan, a trainer per run. */
final class Pipeline {

    private static final AvroSerde<TrainingRun> RUNS = AvroSerde.of(TrainingRun.class);

    private final Topics topics;
    private final Consumer<byte[], byte[]> reader;
    private final Positions positions;

    Pipeline(Topics topics, Consumer<byte[], byte[]> reader, Positions positions) {
        this.topics = topics;
        this.reader = reader;
        this.positions = positions;
    }

    /** Returns the followers in the order in which documents pass them. */
    List<Following> followings() {
        String scored = topics.scoredDocuments().name();
        List<Following> followings = new ArrayList<>();
        followings.add(Following.endless(
                "scorer",
                topics.group("scorer"),
                topics.documents().name(),
                record -> HeaderNames.isPart(record.headers(), SplitPart.FINAL)));
        followings.add(Following.endless("calibrator", topics.group("calibrator"), scored, record -> true));
        for (Plan plan : read(topics.plans(), Plan.class)) {
            followings.add(Following.endless(
                    "router", topics.group("router." + plan.getName()), plan.getScoredTopic(), record -> true));
        }
        for (TrainingRun run : read(topics.trainingRuns(), TrainingRun.class)) {
            followings.add(trainer(run));
        }
        followings.add(Following.endless(
                "eval", topics.group("eval"), topics.trainingRuns().name(), Pipeline::isFinishedRun));
        return followings;
    }

    private Following trainer(TrainingRun run) {
        boolean reference = run.getRole() == RunRole.REFERENCE;
        return new Following(
                "trainer",
                topics.group("trainer." + run.getRunId()),
                run.getTopic(),
                record -> !reference || HeaderNames.isPart(record.headers(), SplitPart.REFERENCE),
                run.getSnapshot(),
                RunStanding.of(run, Instant.now()).words(),
                run.getState() == RunState.FINISHED);
    }

    private static boolean isFinishedRun(ConsumerRecord<byte[], byte[]> record) {
        return record.value() != null && RUNS.read(record.value()).getState() == RunState.FINISHED;
    }

    private <T extends SpecificRecord> Collection<T> read(TopicSpec topic, Class<T> type) {
        if (!positions.exists(topic.name())) {
            return List.of();
        }
        Map<String, T> latest = CompactedTopic.read(OffsetSnapshot.visible(reader, topic.name()), reader, type);
        return latest.values();
    }
}

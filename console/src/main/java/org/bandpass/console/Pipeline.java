package org.bandpass.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.header.Headers;
import org.bandpass.console.Following.Training;
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
import org.bandpass.schemas.UnreadableRecord;

/** The programs that follow topics: those that always exist, a router per plan, a trainer per run. */
record Pipeline(Topics topics, Consumer<byte[], byte[]> reader, Positions positions) {

    private static final String ROUTER = "router";
    private static final String TRAINER = "trainer";

    /** Returns the followers in the order of the pipeline. */
    List<Following> followings() {
        List<Following> followings = new ArrayList<>();
        followings.add(scorer());
        followings.add(calibrator());
        List<UnreadableRecord> unreadable = new ArrayList<>();
        read(topics.plans(), Plan.class, unreadable).forEach(plan -> followings.add(router(plan)));
        unreadable.forEach(record -> followings.add(unknown(ROUTER, record)));
        unreadable.clear();
        read(topics.trainingRuns(), TrainingRun.class, unreadable).forEach(run -> followings.add(trainer(run)));
        unreadable.forEach(record -> followings.add(unknown(TRAINER, record)));
        followings.add(eval());
        return followings;
    }

    private Following scorer() {
        String scored = topics.scoredDocuments().name();
        return Following.endless(
                "scorer",
                topics.group("scorer"),
                topics.documents().name(),
                record -> isForScorer(record.headers()),
                positions.exists(scored) ? Resume.afterScores(reader, scored) : Resume.AT_THE_BEGINNING);
    }

    /** The scorer skips the other parts; a record without a part becomes a dead letter, which is work too. */
    private static boolean isForScorer(Headers headers) {
        return !HeaderNames.isPart(headers, SplitPart.HELD_OUT) && !HeaderNames.isPart(headers, SplitPart.REFERENCE);
    }

    private Following calibrator() {
        String digests = topics.scoreDigests().name();
        return Following.endless(
                "calibrator",
                topics.group("calibrator"),
                topics.scoredDocuments().name(),
                record -> true,
                positions.exists(digests) ? Resume.afterDigests(reader, digests) : Resume.AT_THE_BEGINNING);
    }

    private Following router(Plan plan) {
        List<String> bands = plan.getBands().stream()
                .map(band -> topics.band(plan.getName(), band.getName()).name())
                .filter(positions::exists)
                .toList();
        return Following.endless(
                ROUTER,
                topics.group(ROUTER + "." + plan.getName()),
                plan.getScoredTopic(),
                record -> true,
                bands.isEmpty()
                        ? Resume.AT_THE_BEGINNING
                        : Resume.afterBands(
                                reader, plan, bands, topics.deadLetters(ROUTER).name()));
    }

    private Following trainer(TrainingRun run) {
        boolean reference = run.getRole() == RunRole.REFERENCE;
        Training training = new Training(
                run.getSnapshot(), RunStanding.of(run, Instant.now()), run.getState() == RunState.FINISHED);
        return new Following(
                TRAINER,
                topics.group(TRAINER + "." + run.getRunId()),
                run.getTopic(),
                record -> !reference || HeaderNames.isPart(record.headers(), SplitPart.REFERENCE),
                (partitions, none) -> none && run.getStep() > 0
                        ? Resume.Point.refused(
                                "its offsets are gone: only the checkpoint in its folder knows where it resumes")
                        : Resume.Point.BEGINNING,
                training,
                null);
    }

    private Following eval() {
        String runs = topics.trainingRuns().name();
        EvaluatedRuns work = new EvaluatedRuns(reader, topics.evaluations().name());
        return Following.endless(
                "eval",
                topics.group("eval"),
                runs,
                work,
                positions.exists(topics.evaluations().name()) ? work : Resume.AT_THE_BEGINNING);
    }

    /** Returns a program whose group alone is known. */
    private Following unknown(String program, UnreadableRecord record) {
        String group = topics.group(program + "." + record.key());
        return new Following(
                program, group, record.topic(), any -> false, Resume.AT_THE_BEGINNING, null, record.sentence());
    }

    private <T extends SpecificRecord> Collection<T> read(
            TopicSpec topic, Class<T> type, List<UnreadableRecord> unreadable) {
        if (!positions.exists(topic.name())) {
            return List.of();
        }
        Map<String, T> latest =
                CompactedTopic.read(OffsetSnapshot.visible(reader, topic.name()), reader, type, unreadable::add);
        return latest.values();
    }
}

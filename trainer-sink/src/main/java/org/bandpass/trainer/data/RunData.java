package org.bandpass.trainer.data;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicSpec;
import org.jspecify.annotations.Nullable;

/** The data of a run: the reference split, all scored documents, or a band of a plan. */
public record RunData(
        RunRole role, @Nullable String plan, @Nullable String band, TopicSpec topic) {

    /** The trainer's name in dead letters, groups and transactional ids. */
    public static final String PROGRAM = "trainer";

    public static RunData reference(TopicSpec documents) {
        return new RunData(RunRole.REFERENCE, null, null, documents);
    }

    public static RunData control(TopicSpec scoredDocuments) {
        return new RunData(RunRole.CONTROL, null, null, scoredDocuments);
    }

    public static RunData band(String plan, String band, TopicSpec topic) {
        return new RunData(RunRole.BAND, plan, band, topic);
    }

    /** Returns whether a record is the run's; reads headers alone. */
    public boolean concerns(ConsumerRecord<byte[], byte[]> record) {
        return record.value() != null
                && (role != RunRole.REFERENCE || HeaderNames.isPart(record.headers(), SplitPart.REFERENCE));
    }

    /** Returns the part that the run's documents must be stamped with. */
    public SplitPart part() {
        return role == RunRole.REFERENCE ? SplitPart.REFERENCE : SplitPart.FINAL;
    }

    /** Returns a description for people. */
    public String words() {
        return switch (role) {
            case REFERENCE -> "the reference split of topic " + topic.name();
            case CONTROL -> "all of topic " + topic.name();
            case BAND -> "band " + band + " of plan " + plan + " (topic " + topic.name() + ")";
        };
    }

    /** Returns why there is nothing to train on. */
    public String emptyWords() {
        return (role == RunRole.BAND ? "the band" : words()) + " holds no document: " + advice();
    }

    /** Returns what makes and fills the topic. */
    public String advice() {
        return switch (role) {
            case REFERENCE ->
                "ingest some documents first ('bandpass ingest'), with a share for the reference"
                        + " (ingest.split.reference.share)";
            case CONTROL -> "score some documents first ('bandpass score')";
            case BAND -> "'bandpass select --plan " + plan + "' fills topic " + topic.name();
        };
    }
}

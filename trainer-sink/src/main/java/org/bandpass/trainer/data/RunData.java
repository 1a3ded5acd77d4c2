package org.bandpass.trainer.data;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicSpec;
import org.jspecify.annotations.Nullable;

/** What a run is trained on: the reference split, all scored documents, or a band of a plan. */
public record RunData(
        RunRole role, @Nullable String plan, @Nullable String band, TopicSpec topic) {

    /** What dead letters, groups and transactional ids call the trainer. */
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

    /** Returns what this is, for people. */
    public String words() {
        return switch (role) {
            case REFERENCE -> "the reference split of topic " + topic.name();
            case CONTROL -> "all of topic " + topic.name();
            case BAND -> "band " + band + " of plan " + plan + " (topic " + topic.name() + ")";
        };
    }

    /** Returns why there is nothing to train on. */
    public String emptyWords() {
        return switch (role) {
            case REFERENCE ->
                words() + " holds no document: ingest some, with a share for the reference"
                        + " (ingest.split.reference.share)";
            case CONTROL -> "topic " + topic.name() + " holds no document: score some first ('bandpass score')";
            case BAND ->
                "the band holds no document: nothing was routed to topic " + topic.name()
                        + " yet; 'bandpass select --plan " + plan + "' fills it";
        };
    }
}

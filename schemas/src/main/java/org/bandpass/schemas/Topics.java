package org.bandpass.schemas;

import java.util.List;
import org.bandpass.schemas.TopicSpec.Kept;
import org.jspecify.annotations.NullMarked;

/**
 * Names and settings of all topics.
 *
 * @param prefix prefix of every topic, group and transactional id, for example {@code bandpass.}
 * @param partitions number of partitions of documents, scored documents and bands
 * @param maxDocumentBytes largest document as a serialised, uncompressed record
 */
@NullMarked
public record Topics(String prefix, int partitions, int maxDocumentBytes) {

    public static final String DEFAULT_PREFIX = "bandpass.";
    public static final int DEFAULT_MAX_DOCUMENT_BYTES = 8 << 20;

    /** Largest score in a scored or band record. */
    private static final int SCORE_ALLOWANCE = 1 << 20;
    /** Overhead of batch and record, which counts towards max.message.bytes. */
    private static final int RECORD_OVERHEAD = 16 << 10;

    /** Returns the topics with the default number of partitions and size of documents. */
    public static Topics withPrefix(String prefix) {
        return new Topics(prefix, 6, DEFAULT_MAX_DOCUMENT_BYTES);
    }

    /** Document id → Document. */
    public TopicSpec documents() {
        return new TopicSpec(prefix + "documents", partitions, Kept.FOREVER, maxDocumentBytes + RECORD_OVERHEAD);
    }

    /** Document id → ScoredDocument. */
    public TopicSpec scoredDocuments() {
        return scored(prefix + "scored-documents");
    }

    /** A scored topic with another name, for a second reference model over the same documents. */
    public TopicSpec scored(String fullName) {
        return new TopicSpec(fullName, partitions, Kept.FOREVER, maxScoredBytes());
    }

    /** Scored topic/model revision/stratum/partition → ScoreDigest. */
    public TopicSpec scoreDigests() {
        return table("score-digests", maxDocumentBytes);
    }

    /** Scored topic/model revision/stratum/version → Cuts. */
    public TopicSpec cuts() {
        return table("cuts", maxDocumentBytes);
    }

    /** Plan → Plan. */
    public TopicSpec plans() {
        return table("plans", maxScoredBytes());
    }

    /** Document id → ScoredDocument, in the partition of the scored record. */
    public TopicSpec band(String plan, String band) {
        return new TopicSpec(prefix + "bands." + plan + "." + band, partitions, Kept.FOREVER, maxScoredBytes());
    }

    /** Run id → TrainingRun. */
    public TopicSpec trainingRuns() {
        return table("training-runs", maxDocumentBytes);
    }

    /** Run id/task/row range → EvaluationResult. */
    public TopicSpec evaluations() {
        return table("evaluations", maxDocumentBytes);
    }

    /** Ingest name/canonical path → IngestProgress. */
    public TopicSpec ingestProgress() {
        return table("ingest-progress", maxDocumentBytes);
    }

    /** Document id or position → DeadLetter, for one program (ingest, scorer, calibrator, router, trainer, eval). */
    public TopicSpec deadLetters(String program) {
        return new TopicSpec(prefix + program + ".dead-letters", 1, Kept.FOREVER, maxScoredBytes());
    }

    /** Returns all topics that exist before the first plan. */
    public List<TopicSpec> all() {
        return List.of(
                documents(),
                scoredDocuments(),
                scoreDigests(),
                cuts(),
                plans(),
                trainingRuns(),
                evaluations(),
                ingestProgress(),
                deadLetters("ingest"),
                deadLetters("scorer"),
                deadLetters("calibrator"),
                deadLetters("router"),
                deadLetters("trainer"),
                deadLetters("eval"));
    }

    /** Returns the consumer group, application id or transactional id of a program. */
    public String group(String program) {
        return prefix + program;
    }

    /** Returns the largest scored or band record, in bytes. */
    public int maxScoredBytes() {
        return maxDocumentBytes + SCORE_ALLOWANCE + RECORD_OVERHEAD;
    }

    private TopicSpec table(String name, int maxRecordBytes) {
        return new TopicSpec(prefix + name, 1, Kept.COMPACT, maxRecordBytes + RECORD_OVERHEAD);
    }
}

package org.bandpass.schemas;

import java.util.List;
import org.bandpass.schemas.TopicSpec.Kept;
import org.jspecify.annotations.NullMarked;

/**
 * Names and shapes of all topics.
 *
 * @param prefix what every topic, group and transactional id begins with, for example {@code bandpass.}
 * @param partitions number of partitions of documents, scored documents and bands alike
 * @param maxDocumentBytes largest document as a serialised, uncompressed record
 */
@NullMarked
public record Topics(String prefix, int partitions, int maxDocumentBytes) {

    /** Default prefix. */
    public static final String DEFAULT_PREFIX = "bandpass.";
    /** Default number of partitions. */
    public static final int DEFAULT_PARTITIONS = 6;
    /** Default size of the largest document: 8 MiB. */
    public static final int DEFAULT_MAX_DOCUMENT_BYTES = 8 << 20;

    /** What a scored or band record may have on top of its document. */
    private static final int SCORE_ALLOWANCE = 1 << 20;
    /** Kafka counts batch and record overhead into max.message.bytes. */
    private static final int RECORD_OVERHEAD = 16 << 10;

    private static final String BANDS = "bands.";

    /** Returns the topics with default partitions and sizes. */
    public static Topics withPrefix(String prefix) {
        return new Topics(prefix, DEFAULT_PARTITIONS, DEFAULT_MAX_DOCUMENT_BYTES);
    }

    /** Document id → Document. */
    public TopicSpec documents() {
        return new TopicSpec(prefix + "documents", partitions, Kept.FOREVER, maxDocumentBytes + RECORD_OVERHEAD);
    }

    /** Document id → ScoredDocument. */
    public TopicSpec scoredDocuments() {
        return scored(prefix + "scored-documents");
    }

    /** A scored topic of another name, for a second reference model over the same documents. */
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
        return new TopicSpec(prefix + BANDS + plan + "." + band, partitions, Kept.FOREVER, maxScoredBytes());
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

    /** Everything that exists before the first plan. */
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

    /** Consumer group, application id or transactional id of a program: prefix + name. */
    public String group(String program) {
        return prefix + program;
    }

    /** Largest scored or band record. */
    public int maxScoredBytes() {
        return maxDocumentBytes + SCORE_ALLOWANCE + RECORD_OVERHEAD;
    }

    private TopicSpec table(String name, int maxRecordBytes) {
        return new TopicSpec(prefix + name, 1, Kept.COMPACT, maxRecordBytes + RECORD_OVERHEAD);
    }
}

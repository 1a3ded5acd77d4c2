/**
 * Gives documents of the final split their likelihood under a reference model, as a stream, and single texts without
 * Kafka.
 *
 * <pre>
 *   documents ──▶ FollowDocuments ── a record ──▶ TokenizeDocument (worker threads) ──┐
 *   (group scorer)   │    ▲                                                          ▼
 *                    │    └──── scores ──── ScoringDevices (a thread each) ◀── Flight of a PartitionLane
 *                    ▼
 *          ScoredDocumentWriter ──▶ scored-documents, scorer.dead-letters, offsets of the group: one transaction
 *
 *   ScoredTopic        what was scored before: where to resume, and by which model
 *   perplexity, tokenize ◀── SourceTexts      whatever ingest reads, no Kafka
 * </pre>
 *
 * <p>Consumer, lanes and producer belong to the thread that runs {@link org.bandpass.scorer.FollowDocuments}; a model
 * belongs to its device's thread; tokenising threads share the tokenizer. Flights are a function of the records alone, and
 * batches of the flight alone, so that scores do not depend on timing. How a model computes, and how scores are used,
 * does not belong here.
 */
@NullMarked
package org.bandpass.scorer;

import org.jspecify.annotations.NullMarked;

/**
 * Computes the likelihood of documents of the final split under a reference model, as a stream, and of single texts
 * without Kafka.
 *
 * <pre>
 *   documents ──▶ FollowDocuments ── a record ──▶ TokenizeDocument (worker threads) ──┐
 *   (group scorer)   │    ▲                                                          ▼
 *                    │    └──── scores ──── ScoringDevices (a thread each) ◀── Flight of a PartitionLane
 *                    ▼
 *          ScoredDocumentWriter ──▶ scored-documents, scorer.dead-letters, offsets of the group: one transaction
 *
 *   ScoredTopic        the existing scores: where to resume, and by which model
 *   perplexity, tokenize ◀── SourceTexts      every input that ingest reads, no Kafka
 * </pre>
 *
 * <p>Consumer, lanes and producer belong to the thread that runs {@link org.bandpass.scorer.FollowDocuments}; a model
 * belongs to its device's thread; tokenising threads share the tokenizer. Flights depend on the records alone, and batches
 * on the flight alone, so scores do not depend on timing. How a model computes and how scores are used does not belong
 * here.
 */
@NullMarked
package org.bandpass.scorer;

import org.jspecify.annotations.NullMarked;

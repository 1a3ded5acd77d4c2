/**
 * Data that programs exchange: Avro records, topics as data, serdes, document ids, header names.
 *
 * <pre>
 *   records    Document, ScoredDocument, ScoreDigest, Cuts, Plan, TrainingRun, EvaluationResult, … (src/main/avro)
 *   bytes      AvroSerde (single-object encoding), WireFormat, SchemaRegistry (Confluent's), KnownSchemas, HeaderNames
 *   identity   DocumentId (content hash), Split (held-out, reference, final)
 *   topics     Topics, TopicSpec, TopicAdmin
 *   reading    Clients, OffsetSnapshot, CompactedTopic, UnreadableRecord, CatchUp
 * </pre>
 *
 * <p>Threads may share serdes and value types; a consumer or producer belongs to the thread that made it. Decisions
 * about documents (admission, scoring, routing) do not belong here. Each hand-written class is marked for null-ness,
 * rather than the package, because the generated records are not.
 */
package org.bandpass.schemas;

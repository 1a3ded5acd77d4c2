/**
 * Holds what flows between the programs: Avro records, topics as data, serdes, document ids, header names.
 *
 * <pre>
 *   records    Document, ScoredDocument, ScoreDigest, Cuts, Plan, TrainingRun, EvaluationResult, … (src/main/avro)
 *   bytes      AvroSerde (single-object encoding), WireFormat and SchemaRegistry (Confluent's), KnownSchemas, HeaderNames
 *   identity   DocumentId (content hash), Split (held-out, reference, final)
 *   topics     Topics, TopicSpec, TopicAdmin
 *   reading    Clients, OffsetSnapshot, CompactedTopic, UnreadableRecord, CatchUp
 * </pre>
 *
 * <p>Serdes and value types may be shared by threads; consumers and producers belong to whoever made them. Decisions
 * about documents (admission, scoring, routing) do not belong here. The package is not marked for null-ness as a whole
 * because the generated records are not; each hand-written class is.
 */
package org.bandpass.schemas;

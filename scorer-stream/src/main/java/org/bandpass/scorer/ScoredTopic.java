package org.bandpass.scorer;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * The existing scores. The last record of each partition shows where scoring resumes, which model made the scores, and how
 * the documents were split. One thread at a time.
 *
 * @param reader without a group, closed with this
 */
record ScoredTopic(Consumer<byte[], byte[]> reader, Admin admin, ScorerSettings settings, MixtureCheck mixtures)
        implements AutoCloseable {

    private static final AvroSerde<ScoredDocument> SCORED = AvroSerde.of(ScoredDocument.class);

    private String topic() {
        return settings.topics().scoredDocuments().name();
    }

    /**
     * Checks the last visible scores.
     *
     * @throws ProgramFailure if they do not fit the documents or the model
     */
    void checkVisible() {
        check(OffsetSnapshot.visible(reader, topic()));
    }

    /** Does the same after waiting for open transactions. */
    void checkWritten() {
        check(OffsetSnapshot.written(admin, reader, topic()));
    }

    private void check(OffsetSnapshot snapshot) {
        snapshot.to().keySet().forEach(partition -> checkedLast(snapshot, partition.partition()));
    }

    /**
     * Returns the next offset of partitions of documents: the group's position or, where it has none (positions expire in
     * an empty group), the offset after the last document that has a score.
     *
     * @param member of the group
     * @throws ProgramFailure if the scored topic does not fit the documents or the model
     */
    Map<TopicPartition, Long> resumeAt(Consumer<?, ?> member, Collection<TopicPartition> partitions) {
        // Waits for transactions that are about to move the positions.
        Map<TopicPartition, OffsetAndMetadata> committed = member.committed(Set.copyOf(partitions));
        Map<TopicPartition, Long> firsts = member.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = member.endOffsets(partitions);
        OffsetSnapshot written = OffsetSnapshot.written(admin, reader, topic());
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (TopicPartition partition : partitions) {
            ConsumerRecord<byte[], byte[]> last = checkedLast(written, partition.partition());
            OffsetAndMetadata position = committed.get(partition);
            long start = position == null ? afterDocumentOf(last) : position.offset();
            long first = firsts.getOrDefault(partition, 0L);
            requireWithin(partition, start, first, ends.getOrDefault(partition, 0L));
            starts.put(partition, Math.max(start, first));
        }
        return starts;
    }

    private static void requireWithin(TopicPartition partition, long start, long first, long end) {
        if (start > end) {
            throw new ProgramFailure("documents of " + partition + " are scored to offset " + start
                    + ", but it ends at " + end
                    + ": it was probably deleted and created again; use another topic.prefix for other documents");
        }
        if (start > 0 && start < first) {
            System.err.println("documents of " + partition + " from offset " + start + " to " + first
                    + " were deleted before they were scored");
        }
    }

    private @Nullable ConsumerRecord<byte[], byte[]> checkedLast(OffsetSnapshot snapshot, int partition) {
        ConsumerRecord<byte[], byte[]> last = snapshot.last(
                reader,
                new TopicPartition(topic(), partition),
                record ->
                        !settings.deadLetterPositions().contains(record.topic(), record.partition(), record.offset()));
        if (last != null) {
            ScoredDocument scored = read(last);
            mixtures.splitDifference(scored.getDocument(), position(last));
            mixtures.requireSameOrigin(scored.getScore(), topic());
        }
        return last;
    }

    private ScoredDocument read(ConsumerRecord<byte[], byte[]> last) {
        try {
            if (last.value() == null) {
                throw new SerializationException("it has no value");
            }
            return SCORED.read(last.value());
        } catch (UnknownSchemaException e) {
            throw new ProgramFailure(
                    "the score at " + position(last) + " has an unknown schema (" + e.schema()
                            + "), probably of a newer scorer: upgrade this one" + orIgnore(last),
                    e);
        } catch (SerializationException e) {
            throw new ProgramFailure(
                    "the record at " + position(last) + " is no scored document (" + e.getMessage()
                            + "): end the program that writes such records to this topic" + orIgnore(last),
                    e);
        }
    }

    private static long afterDocumentOf(@Nullable ConsumerRecord<?, ?> last) {
        if (last == null) {
            return 0;
        }
        try {
            int source = HeaderNames.integer(last.headers(), HeaderNames.SOURCE_PARTITION);
            if (source != last.partition()) {
                throw new IllegalArgumentException("it says that its document is in partition " + source);
            }
            return HeaderNames.longInteger(last.headers(), HeaderNames.SOURCE_OFFSET) + 1;
        } catch (IllegalArgumentException e) {
            throw new ProgramFailure(
                    "the record at " + position(last)
                            + " does not say which document it scores, so it is unknown where to resume ("
                            + e.getMessage() + "): end the program that writes such records to this topic"
                            + orIgnore(last),
                    e);
        }
    }

    private static String orIgnore(ConsumerRecord<?, ?> record) {
        return ", or have the record ignored with --set " + DeadLetterPositions.SETTING + "=" + position(record);
    }

    private static String position(ConsumerRecord<?, ?> record) {
        return DeadLetterPositions.name(record.topic(), record.partition(), record.offset());
    }

    @Override
    public void close() {
        reader.close();
    }
}

package org.bandpass.ingest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ids of the documents admitted last from the ends of the partitions. Documents are spread over the
 * partitions in turn, so the k-th last of a partition has a known place among all of them.
 */
final class DocumentTail {

    /** Offsets at an end that hold no documents: markers of transactions, and aborted records. */
    private static final int SLACK = 64;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private final UnitAgreement agreement;
    private final Consumer<byte[], byte[]> consumer;
    private final OffsetSnapshot documents;
    private final DeadLetterPositions passing;
    private final int window;
    /** Documents to read from each partition; at least one, to check its split and unit. */
    private final int wanted;

    /** Takes the current ends of the topic. */
    DocumentTail(
            IngestSettings settings,
            Consumer<byte[], byte[]> consumer,
            Admin admin,
            UnitAgreement agreement,
            int window) {
        this.consumer = consumer;
        this.documents = OffsetSnapshot.written(
                admin, consumer, settings.topics().documents().name());
        this.passing = settings.passing();
        this.agreement = agreement;
        this.window = window;
        this.wanted = Math.max(1, -Math.floorDiv(-window, settings.topics().partitions()));
    }

    /**
     * Returns the window of duplicates as it was after the last document.
     *
     * @param admitted documents admitted so far
     * @throws ProgramFailure if the documents cannot be mixed with those to be ingested
     */
    DuplicateWindow window(long admitted) {
        List<PartitionEnd> tails = new ArrayList<>();
        long offsets = documents.to().keySet().stream()
                .mapToLong(partition -> Math.min(wanted, documents.of(partition).length()))
                .sum();
        try (Progress progress = Progress.start("reading known ids", "offsets", offsets)) {
            for (TopicPartition partition : documents.to().keySet()) {
                PartitionEnd tail = tail(documents.of(partition), partition);
                progress.add(tail.size());
                require(tail.last);
                tails.add(tail);
            }
        }
        DuplicateWindow ids = new DuplicateWindow(window);
        for (long back = window; back > 0; back--) {
            PartitionEnd tail = tails.get((int) Math.floorMod(admitted - back, (long) tails.size()));
            tail.add((back - 1) / tails.size(), ids);
        }
        return ids;
    }

    /** Reads twice as many offsets as long as they hold too few documents. */
    private PartitionEnd tail(OffsetSnapshot whole, TopicPartition partition) {
        long begin = whole.from().getOrDefault(partition, 0L);
        long span = wanted + wanted / 8L + SLACK;
        while (true) {
            long from = Math.max(begin, begin + whole.length() - span);
            PartitionEnd tail = new PartitionEnd((int) Math.min(wanted, begin + whole.length() - from));
            new OffsetSnapshot(whole.topic(), Map.of(partition, from), whole.to()).read(consumer, tail::take);
            if (tail.count >= wanted || from == begin) {
                return tail;
            }
            span *= 2;
        }
    }

    private void require(@Nullable ConsumerRecord<byte[], byte[]> last) {
        if (last == null) {
            return;
        }
        try {
            agreement.require(AvroSerde.of(Document.class).read(last.value()));
        } catch (UnknownSchemaException e) {
            throw new ProgramFailure(e.at(last.topic(), last.partition(), last.offset()), e);
        } catch (SerializationException e) {
            throw foreign(last, String.valueOf(e.getMessage()), e);
        }
    }

    private static ProgramFailure foreign(ConsumerRecord<byte[], byte[]> record, String why, @Nullable Exception e) {
        return new ProgramFailure(
                "the record at " + record.topic() + " partition " + record.partition() + " offset " + record.offset()
                        + " is no document: " + why + ". Skip it with --set " + DeadLetterPositions.SETTING + "="
                        + DeadLetterPositions.name(record.topic(), record.partition(), record.offset())
                        + ", or ingest under another topic.prefix",
                e);
    }

    /** The last ids of one partition, in a ring, and its last record. */
    private final class PartitionEnd {

        private final long[] high;
        private final long[] low;
        private long count;
        private @Nullable ConsumerRecord<byte[], byte[]> last;

        PartitionEnd(int capacity) {
            high = new long[capacity];
            low = new long[capacity];
        }

        void take(ConsumerRecord<byte[], byte[]> record) {
            if (passing.contains(record.topic(), record.partition(), record.offset())) {
                return;
            }
            String id = record.key() == null ? "" : new String(record.key(), StandardCharsets.US_ASCII);
            if (!ID.matcher(id).matches() || record.value() == null) {
                throw foreign(record, "its key is no document id, or it has no value", null);
            }
            int at = (int) (count++ % high.length);
            high[at] = DuplicateWindow.high(id);
            low[at] = DuplicateWindow.low(id);
            last = record;
        }

        long size() {
            return Math.min(count, high.length);
        }

        /** Adds the id that has so many later ids in this partition, if it was read. */
        void add(long later, DuplicateWindow ids) {
            if (later < size()) {
                int at = (int) ((count - 1 - later) % high.length);
                ids.add(high[at], low[at]);
            }
        }
    }
}

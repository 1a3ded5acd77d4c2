package org.bandpass.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents admitted last from the ends of the partitions. Documents go round the partitions in the order of
 * their admission, so the k-th last of a partition tells its place among all of them.
 */
final class DocumentTail {

    /** Offsets beside those of documents at an end: markers of transactions, and what was aborted. */
    private static final int SLACK = 64;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private final UnitAgreement agreement;
    private final Consumer<byte[], byte[]> consumer;
    private final TopicSpec topic;
    private final DeadLetterPositions passing;
    private final int window;
    private final int wanted;
    private final Map<TopicPartition, Long> begins;
    private final Map<TopicPartition, Long> ends;

    /**
     * Takes the ends of the topic as they are now.
     *
     * @param agreement what the documents there must agree with
     * @param window how many of the last ids are wanted
     */
    DocumentTail(
            IngestSettings settings,
            Consumer<byte[], byte[]> consumer,
            Admin admin,
            UnitAgreement agreement,
            int window) {
        this.consumer = consumer;
        this.topic = settings.topics().documents();
        this.passing = settings.passing();
        this.agreement = agreement;
        this.window = window;
        // One at least, for its stamp.
        this.wanted = Math.max(1, -Math.floorDiv(-window, topic.partitions()));
        this.ends = CatchUp.of(admin, topic.name(), topic.partitions()).ends();
        this.begins = consumer.beginningOffsets(ends.keySet());
    }

    /**
     * Returns the window of duplicates as it was after the last document.
     *
     * @param admitted documents admitted so far
     * @throws ProgramFailure if what is there cannot be mixed with what comes
     */
    DuplicateWindow window(long admitted) {
        int partitions = topic.partitions();
        PartitionEnd[] tails = new PartitionEnd[partitions];
        try (Progress progress = Progress.start("reading known ids", "offsets", offsets())) {
            for (int p = 0; p < partitions; p++) {
                TopicPartition partition = new TopicPartition(topic.name(), p);
                tails[p] = tail(partition, progress);
                require(tails[p].last);
            }
        }
        DuplicateWindow ids = new DuplicateWindow(window);
        for (long back = window; back > 0; back--) {
            PartitionEnd tail = tails[(int) Math.floorMod(admitted - back, (long) partitions)];
            tail.add((back - 1) / partitions, ids);
        }
        return ids;
    }

    private long offsets() {
        long offsets = 0;
        for (TopicPartition partition : ends.keySet()) {
            offsets += Math.min(end(partition) - begin(partition), wanted);
        }
        return offsets;
    }

    /** How many offsets hold so many documents is not known: when there were too few, twice as many are read. */
    private PartitionEnd tail(TopicPartition partition, Progress progress) {
        long span = wanted + wanted / 8L + SLACK;
        while (true) {
            long from = Math.max(begin(partition), end(partition) - span);
            PartitionEnd tail = new PartitionEnd((int) Math.min(wanted, end(partition) - from));
            Map<TopicPartition, Long> to = Map.of(partition, end(partition));
            new OffsetSnapshot(topic.name(), Map.of(partition, from), to).read(consumer, tail::take);
            if (tail.count >= wanted || from == begin(partition)) {
                progress.add(tail.held());
                return tail;
            }
            span *= 2;
        }
    }

    private long begin(TopicPartition partition) {
        return begins.getOrDefault(partition, 0L);
    }

    private long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
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
                        + " is no document: " + why + ". Pass over it with --set " + DeadLetterPositions.SETTING + "="
                        + DeadLetterPositions.name(record.topic(), record.partition(), record.offset())
                        + ", or ingest under another topic.prefix",
                e);
    }

    /** The ids at the end of one partition, a ring, and its last record. */
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

        long held() {
            return Math.min(count, high.length);
        }

        /** Adds the id that has so many behind it in this partition, where it is held. */
        void add(long behind, DuplicateWindow window) {
            if (behind < held()) {
                int at = (int) ((count - 1 - behind) % high.length);
                // Two ingests at once do not see each other's documents.
                if (!window.contains(high[at], low[at])) {
                    window.add(high[at], low[at]);
                }
            }
        }
    }
}

package org.bandpass.trainer.data;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Split;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Reads a snapshot once before training: which records are the run's, their offsets and lengths. Records that cannot be
 * trained on are found here, not hours later.
 */
public final class ScanDocuments {

    private static final int LARGEST_CONTENT = 64 << 10;
    /** Letters are held until the run is announced; beyond this sum they do not contain the refused bytes. */
    private static final long MOST_CONTENT = 16 << 20;

    private final DocumentDecoder decoder;
    private final int blockRecords;
    private final Stop stop;
    private final List<DataBlock> blocks = new ArrayList<>();
    private final Map<String, DeadLetter> letters = new LinkedHashMap<>();
    private long content;
    private @Nullable Split split;

    public ScanDocuments(DocumentDecoder decoder, int blockRecords, Stop stop) {
        this.decoder = decoder;
        this.blockRecords = blockRecords;
        this.stop = stop;
    }

    /** @throws ProgramFailure if the documents were split in different ways, or the program was stopped */
    public DataSet scan(Consumer<byte[], byte[]> consumer, OffsetSnapshot snapshot) {
        List<PartitionRecords> partitions = PartitionRecords.of(snapshot);
        long offsets = snapshot.length();
        try (Progress progress = Progress.start("reading the data set", "offsets", offsets)) {
            for (PartitionRecords partition : partitions) {
                snapshot.of(partition.partition()).read(consumer, record -> {
                    visit(record, partition);
                    progress.add(1);
                });
                partition.close(blocks);
            }
            progress.at(offsets);
        }
        return new DataSet(List.copyOf(partitions), List.copyOf(blocks));
    }

    /** Returns the refused records, by position. */
    public Map<String, DeadLetter> letters() {
        return letters;
    }

    private void visit(ConsumerRecord<byte[], byte[]> record, PartitionRecords partition) {
        if (stop.requested()) {
            throw new ProgramFailure("stopped while reading the data set; --resume continues the run");
        }
        if (!decoder.data().concerns(record)) {
            return;
        }
        try {
            TrainingDocument document = decoder.decode(record);
            split = same(split, document.split(), decoder.data().topic().name());
            partition.add(record.offset(), document.bytes(), blockRecords, blocks);
        } catch (RefusedDocument e) {
            refuse(record, e);
        }
    }

    /**
     * Requires that documents were split in the same way as those before.
     *
     * @param before how those before were split, or null
     * @return how these were
     */
    public static Split same(@Nullable Split before, Split stamped, String topic) {
        if (before != null && !before.equals(stamped)) {
            throw new ProgramFailure("topic " + topic + " holds documents of different splits, " + before.words()
                    + " and " + stamped.words() + ": what is held out by one may be trained on by the other; ingest all"
                    + " with the same seed and shares, or use another topic.prefix");
        }
        return stamped;
    }

    private void refuse(ConsumerRecord<byte[], byte[]> record, RefusedDocument why) {
        byte[] value = record.value();
        boolean kept = value.length <= LARGEST_CONTENT && content + value.length <= MOST_CONTENT;
        content += kept ? value.length : 0;
        letters.put(
                record.topic() + "/" + record.partition() + "/" + record.offset(),
                DeadLetter.newBuilder()
                        .setProgram(RunData.PROGRAM)
                        .setReason(why.reason().word())
                        .setDetail(String.valueOf(why.getMessage()))
                        .setTopic(record.topic())
                        .setPartition(record.partition())
                        .setOffset(record.offset())
                        .setContent(kept ? ByteBuffer.wrap(value) : null)
                        .build());
    }
}

package org.bandpass.trainer.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Fetches the documents of a window, neighbouring blocks in one go. One thread at a time. */
public final class ReadWindow {

    /** Blocks that follow each other in a partition, and the slot of each one's first document. */
    private record Run(List<DataBlock> blocks, List<Integer> slots) {}

    private final Consumer<byte[], byte[]> consumer;
    private final DataSet data;
    private final DocumentDecoder decoder;

    /** Takes a consumer that is assigned to nothing else, and stays the caller's. */
    public ReadWindow(Consumer<byte[], byte[]> consumer, DataSet data, DocumentDecoder decoder) {
        this.consumer = consumer;
        this.data = data;
        this.decoder = decoder;
    }

    DataSet data() {
        return data;
    }

    /**
     * Reads a window.
     *
     * @return its documents by slot
     * @throws ProgramFailure if the topic no longer holds what the snapshot held
     */
    TrainingDocument[] read(ShuffleWindow window) {
        TrainingDocument[] documents = new TrainingDocument[window.records()];
        for (Run run : runs(window)) {
            read(run, documents);
        }
        return documents;
    }

    private static List<Run> runs(ShuffleWindow window) {
        int[] slots = new int[window.blocks().size()];
        for (int i = 1; i < slots.length; i++) {
            slots[i] = slots[i - 1] + window.blocks().get(i - 1).records();
        }
        List<Integer> sorted = new ArrayList<>();
        for (int i = 0; i < slots.length; i++) {
            sorted.add(i);
        }
        sorted.sort(Comparator.comparing(
                window.blocks()::get,
                Comparator.comparingInt(DataBlock::partition).thenComparingInt(DataBlock::first)));
        List<Run> runs = new ArrayList<>();
        DataBlock before = null;
        for (int i : sorted) {
            DataBlock block = window.blocks().get(i);
            if (before == null || before.partition() != block.partition() || before.end() != block.first()) {
                runs.add(new Run(new ArrayList<>(), new ArrayList<>()));
            }
            runs.get(runs.size() - 1).blocks().add(block);
            runs.get(runs.size() - 1).slots().add(slots[i]);
            before = block;
        }
        return runs;
    }

    private void read(Run run, TrainingDocument[] documents) {
        int[] slots = slots(run);
        PartitionRecords records = data.partitions().get(run.blocks().get(0).partition());
        int first = run.blocks().get(0).first();
        TopicPartition partition = records.partition();
        long from = records.offset(first);
        long to = records.offset(first + slots.length - 1) + 1;
        int[] read = {0};
        try {
            new OffsetSnapshot(partition.topic(), Map.of(partition, from), Map.of(partition, to))
                    .read(consumer, record -> {
                        if (read[0] < slots.length && record.offset() == records.offset(first + read[0])) {
                            documents[slots[read[0]++]] = decode(record);
                        }
                    });
        } catch (OffsetOutOfRangeException e) {
            throw changed(partition, from, e);
        }
        if (read[0] < slots.length) {
            throw changed(partition, records.offset(first + read[0]), null);
        }
    }

    private static int[] slots(Run run) {
        int[] slots = new int[run.blocks().stream().mapToInt(DataBlock::records).sum()];
        int next = 0;
        for (int b = 0; b < run.blocks().size(); b++) {
            for (int i = 0; i < run.blocks().get(b).records(); i++) {
                slots[next++] = run.slots().get(b) + i;
            }
        }
        return slots;
    }

    private TrainingDocument decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return decoder.decode(record);
        } catch (RefusedDocument e) {
            throw changed(new TopicPartition(record.topic(), record.partition()), record.offset(), e);
        }
    }

    private static ProgramFailure changed(TopicPartition partition, long offset, @Nullable Exception e) {
        return new ProgramFailure(
                partition + " no longer holds at offset " + offset
                        + " what it held when the run began: records were deleted, or the topic was made anew; the run"
                        + " cannot continue",
                e);
    }
}

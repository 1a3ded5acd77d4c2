package org.bandpass.trainer.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the documents of a window, neighbouring blocks together. One thread at a time.
 *
 * @param consumer assigned to nothing else; the caller closes it
 */
public record ReadWindow(Consumer<byte[], byte[]> consumer, DataSet data, DocumentDecoder decoder) {

    /** A block, and the slot of its first document. */
    private record Placed(DataBlock block, int slot) {}

    /**
     * @return its documents by slot
     * @throws ProgramFailure if the topic no longer holds what the snapshot held
     */
    TrainingDocument[] read(ShuffleWindow window) {
        TrainingDocument[] documents = new TrainingDocument[window.records()];
        for (List<Placed> run : runs(window)) {
            read(run, documents);
        }
        return documents;
    }

    /** Groups the blocks that follow each other in a partition. */
    private static List<List<Placed>> runs(ShuffleWindow window) {
        List<Placed> sorted = new ArrayList<>();
        int slot = 0;
        for (DataBlock block : window.blocks()) {
            sorted.add(new Placed(block, slot));
            slot += block.records();
        }
        sorted.sort(Comparator.comparing(
                Placed::block, Comparator.comparingInt(DataBlock::partition).thenComparingInt(DataBlock::first)));
        List<List<Placed>> runs = new ArrayList<>();
        DataBlock before = null;
        for (Placed placed : sorted) {
            DataBlock block = placed.block();
            if (before == null || before.partition() != block.partition() || before.end() != block.first()) {
                runs.add(new ArrayList<>());
            }
            runs.get(runs.size() - 1).add(placed);
            before = block;
        }
        return runs;
    }

    private void read(List<Placed> run, TrainingDocument[] documents) {
        int[] slots = run.stream()
                .flatMapToInt(placed -> IntStream.range(
                        placed.slot(), placed.slot() + placed.block().records()))
                .toArray();
        DataBlock head = run.get(0).block();
        PartitionRecords records = data.partitions().get(head.partition());
        int first = head.first();
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
                        + " what it held when the run began: records were deleted, or the topic was created again; the"
                        + " run cannot continue",
                e);
    }
}

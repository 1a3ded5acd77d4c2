package org.bandpass.trainer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Blocks whose documents are shuffled together. Slots number the window's documents block by block.
 *
 * @param blocks in the order of the permutation
 * @param firstDocument place of its first document in the epoch
 * @param seed of its order
 */
public record ShuffleWindow(List<DataBlock> blocks, long firstDocument, long seed) {

    int records() {
        return blocks.stream().mapToInt(DataBlock::records).sum();
    }

    /** Returns the slots in the order in which they are trained on. */
    public int[] order() {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, records()).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    int[] partitions() {
        int[] partitions = new int[records()];
        int slot = 0;
        for (DataBlock block : blocks) {
            Arrays.fill(partitions, slot, slot + block.records(), block.partition());
            slot += block.records();
        }
        return partitions;
    }
}

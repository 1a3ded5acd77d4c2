package org.bandpass.trainer.data;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

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
        int[] order = new int[records()];
        Arrays.setAll(order, i -> i);
        Random random = new Random(seed);
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int held = order[i];
            order[i] = order[other];
            order[other] = held;
        }
        return order;
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

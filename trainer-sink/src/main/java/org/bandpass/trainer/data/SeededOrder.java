package org.bandpass.trainer.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The order in which documents are trained on: blocks are permuted across partitions, then the documents of as many blocks
 * as a buffer holds are shuffled together. A pure function of the blocks, the seed and the epoch: offsets, and with them
 * the markers of transactions, have no influence.
 *
 * @param blocks by partition, then by ordinal
 */
public record SeededOrder(List<DataBlock> blocks, long seed, Shuffle bounds) {

    /** Returns the windows of an epoch, which hold each document once. */
    public List<ShuffleWindow> windows(long epoch) {
        List<DataBlock> permuted = new ArrayList<>(blocks);
        Collections.shuffle(permuted, new Random(mix(mix(seed) + epoch)));
        List<ShuffleWindow> windows = new ArrayList<>();
        List<DataBlock> held = new ArrayList<>();
        int records = 0;
        long bytes = 0;
        long document = 0;
        for (DataBlock block : permuted) {
            boolean fits = records + block.records() <= bounds.bufferRecords()
                    && bytes + block.bytes() <= bounds.bufferBytes();
            if (!fits && !held.isEmpty()) {
                windows.add(window(held, document, epoch, windows.size()));
                document += records;
                held = new ArrayList<>();
                records = 0;
                bytes = 0;
            }
            held.add(block);
            records += block.records();
            bytes += block.bytes();
        }
        if (!held.isEmpty()) {
            windows.add(window(held, document, epoch, windows.size()));
        }
        return windows;
    }

    private ShuffleWindow window(List<DataBlock> held, long document, long epoch, int number) {
        return new ShuffleWindow(List.copyOf(held), document, mix(mix(mix(seed) + epoch) + 1 + number));
    }

    /** Spreads neighbouring numbers over all seeds (the finaliser of SplitMix64): otherwise Random's first draws are alike. */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}

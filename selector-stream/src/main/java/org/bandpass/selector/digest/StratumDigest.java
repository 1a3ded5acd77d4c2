package org.bandpass.selector.digest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Digest of one stratum in one partition: the serialised digest at the last boundary and the raw values after it, for
 * each block of records that still has weight. Not thread-safe.
 */
public final class StratumDigest {

    /** Serialised digest of a block at a boundary; {@code total} is the number of scores ever added until then. */
    public record Generation(long block, long total, byte[] digest) {}

    /** Older blocks weigh less than 1 in 256 and are removed. */
    private static final int OLDEST_BLOCK = 8;

    private final boolean weighted;
    private final Deque<Generation> generations = new ArrayDeque<>();
    private final double[] pending;
    private int pendingCount;
    private long pendingBlock;
    private long total;

    /** If {@code weighted}, each block has half the weight of the next; otherwise there is one block. */
    public StratumDigest(int boundaryScores, boolean weighted) {
        this.weighted = weighted;
        this.pending = new double[boundaryScores];
    }

    /** Adds a saved generation; the oldest first, before any value. */
    public void restore(Generation generation) {
        generations.addLast(generation);
        total = generation.total();
    }

    /** Counts a value; {@link #mustClose} must have been false. */
    public void add(double meanNll, long block) {
        pending[pendingCount++] = meanNll;
        pendingBlock = block;
        total++;
    }

    /** Returns whether {@link #close} must precede the next value of that block. */
    public boolean mustClose(long block) {
        return pendingCount > 0 && (isFull() || pendingBlock != block);
    }

    public boolean hasPending() {
        return pendingCount > 0;
    }

    public boolean isFull() {
        return pendingCount == pending.length;
    }

    /** Returns how many scores were ever added. */
    public long total() {
        return total;
    }

    /** Makes a boundary: serialises the values after the last one and returns the generation, to be saved. */
    public Generation close() {
        Generation closed = closed();
        putLast(generations, closed);
        pendingCount = 0;
        return closed;
    }

    /** Removes the generations that are too old and returns them. */
    public List<Generation> removeOld(long currentBlock) {
        List<Generation> old = new ArrayList<>();
        while (generations.size() > 1 && currentBlock - generations.getFirst().block() > OLDEST_BLOCK) {
            old.add(generations.removeFirst());
        }
        return old;
    }

    /** Returns the digest of all blocks, each with half the weight of the next; does not change the state. */
    public byte[] partial(long currentBlock) {
        Deque<Generation> counted = new ArrayDeque<>(generations);
        if (pendingCount > 0) {
            putLast(counted, closed());
        }
        if (!weighted) {
            return counted.isEmpty() ? new byte[0] : counted.getFirst().digest();
        }
        List<byte[]> scaled = new ArrayList<>();
        for (Generation generation : counted) {
            long age = Math.max(0, Math.min(OLDEST_BLOCK, currentBlock - generation.block()));
            scaled.add(ScoreSketch.scale(generation.digest(), 1 << (OLDEST_BLOCK - age)));
        }
        return ScoreSketch.merge(scaled);
    }

    private Generation closed() {
        Generation open = generations.peekLast();
        byte[] base = open != null && open.block() == pendingBlock ? open.digest() : new byte[0];
        return new Generation(pendingBlock, total, ScoreSketch.add(base, pending, pendingCount));
    }

    /** Appends a generation, or replaces the last one if that is of the same block. */
    private static void putLast(Deque<Generation> generations, Generation generation) {
        Generation last = generations.peekLast();
        if (last != null && last.block() == generation.block()) {
            generations.removeLast();
        }
        generations.addLast(generation);
    }
}

package org.bandpass.selector.digest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Digest of one stratum in one partition: the serialised digest at the last boundary and the raw values since, for each
 * block of records that still counts. Not thread-safe.
 */
public final class StratumDigest {

    /**
     * A digest as it was serialised at a boundary.
     *
     * @param block number of the block of records
     * @param total scores of the stratum at the boundary, those of forgotten blocks among them
     * @param digest bytes
     */
    public record Generation(long block, long total, byte[] digest) {}

    /** Blocks older than this weigh less than 1 in 256 and are forgotten. */
    private static final int OLDEST_BLOCK = 8;

    private final boolean weighted;
    private final Deque<Generation> generations = new ArrayDeque<>();
    private final double[] pending;
    private int pendingCount;
    private long pendingBlock;
    private long total;

    /**
     * Makes an empty digest.
     *
     * @param boundaryScores values between two serialisations
     * @param weighted whether each block weighs half of the one after; otherwise there is one block
     */
    public StratumDigest(int boundaryScores, boolean weighted) {
        this.weighted = weighted;
        this.pending = new double[boundaryScores];
    }

    /** Puts back a generation that was saved; oldest first, before any value. */
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

    /** Returns whether the values since the last boundary must be closed before one of that block is added. */
    public boolean mustClose(long block) {
        return pendingCount > 0 && (isFull() || pendingBlock != block);
    }

    public boolean hasPending() {
        return pendingCount > 0;
    }

    public boolean isFull() {
        return pendingCount == pending.length;
    }

    /** Returns scores ever added. */
    public long total() {
        return total;
    }

    /** Makes a boundary: serialises the values since the last one and returns the generation, to be saved. */
    public Generation close() {
        Generation closed = closed();
        putLast(generations, closed);
        pendingCount = 0;
        return closed;
    }

    /** Forgets the generations that no longer count and returns them. */
    public List<Generation> forget(long currentBlock) {
        List<Generation> forgotten = new ArrayList<>();
        while (generations.size() > 1 && currentBlock - generations.getFirst().block() > OLDEST_BLOCK) {
            forgotten.add(generations.removeFirst());
        }
        return forgotten;
    }

    /** Returns the digest of everything that counts, each block half of the one after; the state stays as it is. */
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

    /** Puts a generation after the others, or in place of the last where that is the same block's. */
    private static void putLast(Deque<Generation> generations, Generation generation) {
        Generation last = generations.peekLast();
        if (last != null && last.block() == generation.block()) {
            generations.removeLast();
        }
        generations.addLast(generation);
    }
}

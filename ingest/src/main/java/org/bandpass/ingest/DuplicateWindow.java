package org.bandpass.ingest;

import java.util.Arrays;

/**
 * The last W admitted document ids, exactly: a ring in the order of admission, and an open-addressing table over it. It
 * grows as it fills, to 24 bytes per id. Used by one thread.
 */
final class DuplicateWindow {

    private static final int INITIAL = 1 << 10;
    private static final int FREE = -1;

    /** Receives an id as two halves. */
    interface Visitor {
        void id(long high, long low);
    }

    private final int size;
    private long[] high;
    private long[] low;
    private int[] table;
    private long admitted;

    /** Makes an empty window of size W; with size 0 it stays empty. */
    DuplicateWindow(int size) {
        this.size = size;
        int capacity = Math.min(size, INITIAL);
        high = new long[capacity];
        low = new long[capacity];
        table = emptyTable(capacity);
    }

    /** Returns whether an id, 32 hex digits, is among the last W. */
    boolean contains(String id) {
        return contains(high(id), low(id));
    }

    boolean contains(long idHigh, long idLow) {
        return size > 0 && table[find(idHigh, idLow)] != FREE;
    }

    /** Adds an id unless the window has it; the oldest id leaves a full window. */
    void add(String id) {
        add(high(id), low(id));
    }

    void add(long idHigh, long idLow) {
        if (size == 0 || contains(idHigh, idLow)) {
            return;
        }
        if (admitted == high.length && high.length < size) {
            grow();
        }
        int at = (int) (admitted % high.length);
        if (admitted >= size) {
            remove(find(high[at], low[at]));
        }
        high[at] = idHigh;
        low[at] = idLow;
        table[find(idHigh, idLow)] = at;
        admitted++;
    }

    /** Returns the number of ids in the window. */
    int held() {
        return (int) Math.min(admitted, size);
    }

    /** Visits the ids in the order of admission. */
    void forEach(Visitor visitor) {
        for (long i = admitted - held(); i < admitted; i++) {
            int at = (int) (i % high.length);
            visitor.id(high[at], low[at]);
        }
    }

    static long high(String id) {
        return Long.parseUnsignedLong(id, 0, 16, 16);
    }

    static long low(String id) {
        return Long.parseUnsignedLong(id, 16, 32, 16);
    }

    /** Returns the slot of an id, or the free slot for it. */
    private int find(long idHigh, long idLow) {
        int slot = home(idLow);
        while (table[slot] != FREE && (high[table[slot]] != idHigh || low[table[slot]] != idLow)) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    /** Ids are hashes, so their bits need no mixing. */
    private int home(long idLow) {
        return (int) idLow & table.length - 1;
    }

    /** Frees a slot and moves the later ids that would no longer be found (Knuth, 6.4, algorithm R). */
    private void remove(int freed) {
        int hole = freed;
        int slot = hole;
        while (true) {
            slot = slot + 1 & table.length - 1;
            if (table[slot] == FREE) {
                break;
            }
            int home = home(low[table[slot]]);
            boolean between = hole <= slot ? hole < home && home <= slot : hole < home || home <= slot;
            if (!between) {
                table[hole] = table[slot];
                hole = slot;
            }
        }
        table[hole] = FREE;
    }

    private void grow() {
        int capacity = (int) Math.min(size, 2L * high.length);
        high = Arrays.copyOf(high, capacity);
        low = Arrays.copyOf(low, capacity);
        table = emptyTable(capacity);
        for (int i = 0; i < admitted; i++) {
            table[find(high[i], low[i])] = i;
        }
    }

    /** Returns a power of two slots, at least twice as many as ids. */
    private static int[] emptyTable(int capacity) {
        int[] slots = new int[Integer.highestOneBit(Math.max(1, capacity)) * 4];
        Arrays.fill(slots, FREE);
        return slots;
    }
}

package org.bandpass.ingest;

import java.util.Arrays;

/**
 * The last W document ids that were admitted, exactly: a ring in the order of admission, and an open-addressing table
 * over it. 24 bytes an id, taken as the window fills. Used by one thread.
 */
final class DuplicateWindow {

    private static final int INITIAL = 1 << 10;
    private static final int FREE = -1;

    /** Takes an id. */
    interface Visitor {
        void id(long high, long low);
    }

    private final int size;
    private long[] high;
    private long[] low;
    private int[] table;
    private long admitted;

    /**
     * Begins empty.
     *
     * @param size W; 0 for a window that holds nothing
     */
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

    /** Adds an id that is not in the window; the oldest of a full window leaves. */
    void add(String id) {
        add(high(id), low(id));
    }

    void add(long idHigh, long idLow) {
        if (size == 0) {
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

    /** Returns how many ids it holds. */
    int held() {
        return (int) Math.min(admitted, size);
    }

    /** Visits the ids, those admitted first before the others. */
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

    /** Returns the slot of an id, or the free slot where it would go. */
    private int find(long idHigh, long idLow) {
        int slot = home(idLow);
        while (table[slot] != FREE && (high[table[slot]] != idHigh || low[table[slot]] != idLow)) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    /** Ids are hashes: their bits need no mixing. */
    private int home(long idLow) {
        return (int) idLow & table.length - 1;
    }

    /** Frees a slot and moves those behind it that would not be found any more (Knuth, 6.4, algorithm R). */
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

    /** Twice as many slots as ids or more, a power of two. */
    private static int[] emptyTable(int capacity) {
        int[] slots = new int[Integer.highestOneBit(Math.max(1, capacity)) * 4];
        Arrays.fill(slots, FREE);
        return slots;
    }
}

package org.bandpass.eval.prompt;

import java.util.Arrays;

/**
 * A set of small non-negative integers that iterates in the order of CPython's {@code set}: an open table in which the
 * hash of an integer is the integer, with up to nine further slots probed in line, and a mark left where a value was
 * removed.
 */
final class IntegerSet {

    private static final int UNUSED = -1;
    private static final int REMOVED = -2;
    private static final int IN_LINE = 9;
    private static final int SMALLEST = 8;

    private int[] table = empty(SMALLEST);
    private int filled;
    private int used;

    int size() {
        return used;
    }

    boolean contains(int value) {
        return table[slot(value, false)] == value;
    }

    void add(int value) {
        int slot = slot(value, true);
        if (table[slot] == value) {
            return;
        }
        boolean fresh = table[slot] == UNUSED;
        table[slot] = value;
        used++;
        if (fresh) {
            filled++;
            if (filled * 5 >= (table.length - 1) * 3) {
                rebuild();
            }
        }
    }

    void remove(int value) {
        int slot = slot(value, false);
        if (table[slot] == value) {
            table[slot] = REMOVED;
            used--;
        }
    }

    /** Returns the values in the order of the table. */
    int[] values() {
        return Arrays.stream(table).filter(value -> value >= 0).toArray();
    }

    /** Returns the slot of a value, or the one to put it in: a removed one met on the way, if allowed, or an unused. */
    private int slot(int value, boolean reuse) {
        int mask = table.length - 1;
        int i = value & mask;
        int perturb = value;
        int removed = UNUSED;
        while (true) {
            int last = i + IN_LINE <= mask ? i + IN_LINE : i;
            for (int at = i; at <= last; at++) {
                if (table[at] == value) {
                    return at;
                }
                if (table[at] == UNUSED) {
                    return removed == UNUSED || !reuse ? at : removed;
                }
                if (table[at] == REMOVED && removed == UNUSED) {
                    removed = at;
                }
            }
            perturb >>>= 5;
            i = (i * 5 + 1 + perturb) & mask;
        }
    }

    private void rebuild() {
        int[] before = values();
        int size = SMALLEST;
        while (size <= used * 4) {
            size *= 2;
        }
        table = empty(size);
        filled = used;
        for (int value : before) {
            table[slot(value, false)] = value;
        }
    }

    private static int[] empty(int size) {
        int[] table = new int[size];
        Arrays.fill(table, UNUSED);
        return table;
    }
}

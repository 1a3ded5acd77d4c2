package org.bandpass.selector.audit;

import java.util.Arrays;

/**
 * The scored records of one partition in offset order, and in which bands they are, one bit per band. 32 bytes a
 * record.
 */
final class AuditedPartition {

    private long[] offsets = new long[256];
    private double[] meanNll = new double[256];
    private int[] stratum = new int[256];
    private int[] checksum = new int[256];
    private long[] held = new long[256];
    private int count;
    private long read;
    private int seen;
    private int covered;

    void add(long offset, double nll, int stratumNumber, int crc) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            meanNll = Arrays.copyOf(meanNll, 2 * count);
            stratum = Arrays.copyOf(stratum, 2 * count);
            checksum = Arrays.copyOf(checksum, 2 * count);
            held = Arrays.copyOf(held, 2 * count);
        }
        offsets[count] = offset;
        meanNll[count] = nll;
        stratum[count] = stratumNumber;
        checksum[count] = crc;
        count++;
    }

    /** Counts a record that was read, added or not. */
    void advance(boolean isSeen, long coverage) {
        read++;
        seen = isSeen ? count : seen;
        covered = read <= coverage ? count : covered;
    }

    /** Returns how many records, from the first on, the router has passed. */
    int seen() {
        return seen;
    }

    /** Returns how many records, from the first on, the plan's cuts cover. */
    int covered() {
        return covered;
    }

    /** Returns the number of the record at an offset, negative if there is none. */
    int find(long offset) {
        return Arrays.binarySearch(offsets, 0, count, offset);
    }

    long offset(int record) {
        return offsets[record];
    }

    double meanNll(int record) {
        return meanNll[record];
    }

    int stratum(int record) {
        return stratum[record];
    }

    int checksum(int record) {
        return checksum[record];
    }

    /** Marks a record as contained in a band; returns false if it was already. */
    boolean hold(int record, int band) {
        boolean first = !holds(record, band);
        held[record] |= 1L << band;
        return first;
    }

    boolean holds(int record, int band) {
        return (held[record] & 1L << band) != 0;
    }
}

package org.bandpass.selector.audit;

import java.util.Arrays;

/**
 * The scored records of one partition that a plan has seen, in offset order, and which bands hold them: a bit for each
 * band. 32 bytes a record.
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

    /** Notes that a record was read, whether or not it was added; the plan sees the first ones, its cuts cover the first. */
    void advance(boolean isSeen, long coverage) {
        read++;
        seen = isSeen ? count : seen;
        covered = read <= coverage ? count : covered;
    }

    /** Returns how many records the plan has seen: the first ones. */
    int seen() {
        return seen;
    }

    /** Returns how many records the plan's cuts cover: the first ones. */
    int covered() {
        return covered;
    }

    /** Returns the number of the record at an offset, negative where there is none. */
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

    /** Notes that a band holds a record; returns false if it held it before. */
    boolean hold(int record, int band) {
        boolean first = !holds(record, band);
        held[record] |= 1L << band;
        return first;
    }

    boolean holds(int record, int band) {
        return (held[record] & 1L << band) != 0;
    }
}

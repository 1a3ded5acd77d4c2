package org.bandpass.sources.charset;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Sequences with the form of UTF-8 that UTF-8 forbids (RFC 3629): characters in more bytes than they need, halves of
 * surrogate pairs, and code points beyond the last character. Jackson checks the form only.
 */
public final class Utf8Forms {

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long FIRST_BITS = 0x8080808080808080L;

    private Utf8Forms() {}

    /** Returns whether bytes with the form of UTF-8 contain a forbidden sequence. */
    public static boolean hasForbidden(byte[] bytes, int from, int length) {
        int to = from + length;
        int at = from;
        while (at < to) {
            // Most texts are mostly ASCII and European letters.
            if (at + Long.BYTES <= to && isHarmless((long) EIGHT.get(bytes, at))) {
                at += Long.BYTES;
                continue;
            }
            for (int end = Math.min(to, at + Long.BYTES); at < end; at++) {
                if (bytes[at] < 0 && at + 1 < to && isForbidden(bytes[at] & 0xff, bytes[at + 1] & 0xff)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns whether no byte of eight begins a character of three bytes or more, or is 0xc0 or 0xc1. */
    private static boolean isHarmless(long eight) {
        // A shift to the left by n moves bit n + 1 of each byte to its first bit.
        long firstTwo = eight & eight << 1;
        long anyOfLast = eight << 3 | eight << 4 | eight << 5 | eight << 6;
        return (firstTwo & (eight << 2 | ~anyOfLast) & FIRST_BITS) == 0;
    }

    /** Returns whether two bytes begin a forbidden sequence. Bytes that continue a character are below 0xc0. */
    private static boolean isForbidden(int first, int second) {
        return switch (first) {
            case 0xc0, 0xc1 -> true;
            case 0xe0 -> second < 0xa0;
            case 0xed -> second >= 0xa0;
            case 0xf0 -> second < 0x90;
            case 0xf4 -> second >= 0x90;
            default -> first > 0xf4;
        };
    }
}

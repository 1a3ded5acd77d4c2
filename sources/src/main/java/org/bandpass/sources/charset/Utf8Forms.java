package org.bandpass.sources.charset;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Sequences that have the form of UTF-8 and are none (RFC 3629): characters in more bytes than they need, halves of
 * surrogate pairs, and what is beyond the last character. Jackson looks at the form only.
 */
public final class Utf8Forms {

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long FIRST_BITS = 0x8080808080808080L;

    private Utf8Forms() {}

    /** Returns whether one is among bytes that have the form of UTF-8. */
    public static boolean hasForbidden(byte[] bytes, int from, int length) {
        int to = from + length;
        int at = from;
        while (at < to) {
            // Most of most texts is ASCII, and letters of Europe.
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

    /** Returns whether none of eight bytes begins a character of three bytes or more, nor is 0xc0 or 0xc1. */
    private static boolean isHarmless(long eight) {
        // Shifted to the left by n, each byte has its bit n + 1 for its first.
        long two = eight & eight << 1;
        long someOfTheRest = eight << 3 | eight << 4 | eight << 5 | eight << 6;
        return (two & (eight << 2 | ~someOfTheRest) & FIRST_BITS) == 0;
    }

    /** The first two bytes of a character tell; those that continue one are below. */
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

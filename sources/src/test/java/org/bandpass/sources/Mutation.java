package org.bandpass.sources;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages files as disks, networks, tools and attackers do; the same random numbers give the same damage. */
final class Mutation {

    private static final int[] BYTES = {0, 1, 0x7f, 0x80, 0xff, '\n', '\r', ' ', '{', '"', '[', '<', ':', '-'};
    private static final long[] NUMBERS = {-1, 0, 1, 0x7f, 0xff, 0xffff, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE};
    private static final List<String> WORDS = List.of(
            "-1",
            "0",
            "1",
            "7",
            "65536",
            "2147483647",
            "4294967296",
            "9223372036854775807",
            "99999999999999999999",
            "x");

    private final Random random;
    private final List<byte[]> others;

    Mutation(Random random, List<byte[]> others) {
        this.random = random;
        this.others = others;
    }

    /** Returns a file with one to six damages. */
    byte[] damage(byte[] whole) {
        byte[] bytes = whole.clone();
        for (int i = random.nextInt(6); i >= 0 && bytes.length > 0; i--) {
            bytes = once(bytes);
        }
        return bytes;
    }

    private byte[] once(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        int length = random.nextInt(Math.min(bytes.length - at, 1 << random.nextInt(10)) + 1);
        switch (random.nextInt(9)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) BYTES[random.nextInt(BYTES.length)];
            case 2 -> number(bytes, at);
            case 3 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 4 -> {
                return spliced(bytes, at, at + length, new byte[0]);
            }
            case 5 -> {
                return spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
            }
            case 6 -> {
                byte[] other = others.get(random.nextInt(others.size()));
                int from = random.nextInt(other.length);
                return spliced(
                        bytes, at, at + length, Arrays.copyOfRange(other, from, Math.min(other.length, from + 200)));
            }
            case 7 -> Arrays.fill(bytes, at, at + length, (byte) BYTES[random.nextInt(BYTES.length)]);
            default -> {
                return lie(bytes, at);
            }
        }
        return bytes;
    }

    /** Overwrites four bytes with a number, in either order. */
    private void number(byte[] bytes, int at) {
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        boolean little = random.nextBoolean();
        for (int i = 0; i < Integer.BYTES && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (number >> 8 * (little ? i : 3 - i));
        }
    }

    /** Replaces the next number in digits, such as a length. */
    private byte[] lie(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && !Character.isDigit(bytes[at])) {
            at++;
        }
        int end = at;
        while (end < bytes.length && Character.isDigit(bytes[end])) {
            end++;
        }
        return spliced(bytes, at, end, SampleFiles.bytes(WORDS.get(random.nextInt(WORDS.size()))));
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        return SampleCrawl.joined(Arrays.copyOf(bytes, from), between, Arrays.copyOfRange(bytes, to, bytes.length));
    }
}

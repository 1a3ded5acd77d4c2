package org.bandpass.eval.overlap;

import java.util.function.LongConsumer;

/**
 * The word n-grams of a text, as 64-bit hashes. A word is a run of letters and digits, in lower case; everything else
 * separates words. The hash of a window is the polynomial of its words' FNV-1a hashes, modulo 2^64.
 */
record WordGrams(int words) {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long BASE = 0x9e3779b97f4a7c15L;

    WordGrams {
        if (words < 1) {
            throw new IllegalArgumentException("n-grams of " + words + " words; expected at least 1");
        }
    }

    /** Passes on the hash of each window of consecutive words; none for a text with fewer words. */
    void forEach(String text, LongConsumer gram) {
        long[] window = new long[words];
        long leaving = power(words - 1);
        long hash = 0;
        int count = 0;
        int start = next(text, 0, true);
        while (start < text.length()) {
            int end = next(text, start, false);
            long word = hash(text, start, end);
            int slot = count % words;
            hash = (hash - window[slot] * leaving) * BASE + word;
            window[slot] = word;
            count++;
            if (count >= words) {
                gram.accept(hash);
            }
            start = next(text, end, true);
        }
    }

    /** Returns the first position from {@code at} on with, or without, a character of a word; else the end. */
    private static int next(String text, int at, boolean ofWord) {
        int position = at;
        while (position < text.length() && Character.isLetterOrDigit(text.codePointAt(position)) != ofWord) {
            position += Character.charCount(text.codePointAt(position));
        }
        return position;
    }

    private static long hash(String text, int start, int end) {
        long hash = FNV_OFFSET;
        int at = start;
        while (at < end) {
            int c = text.codePointAt(at);
            hash = (hash ^ Character.toLowerCase(c)) * FNV_PRIME;
            at += Character.charCount(c);
        }
        return hash;
    }

    private static long power(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= BASE;
        }
        return power;
    }
}

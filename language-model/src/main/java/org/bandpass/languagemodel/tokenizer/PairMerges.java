package org.bandpass.languagemodel.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Finds the merges of a BPE: the most frequent pair becomes a symbol, again and again.
 *
 * <p>Counts are kept up to date by visiting only the words that hold the merged pair. Of equally frequent pairs the one with
 * the smaller left, then the smaller right id comes first.
 */
final class PairMerges {

    /** A pair with its count when it entered the queue; the count may have fallen since. */
    private record Candidate(long pair, long count) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byCount = Long.compare(other.count, count);
            return byCount != 0 ? byCount : Long.compare(pair, other.pair);
        }
    }

    private static final class Occurrences {
        private long count;
        private int[] words = new int[4];
        private int size;

        void add(int word) {
            // Repeats of a word are mostly consecutive, so a check of the last word avoids most of them.
            if (size > 0 && words[size - 1] == word) {
                return;
            }
            if (size == words.length) {
                words = Arrays.copyOf(words, size * 2);
            }
            words[size++] = word;
        }
    }

    private final int[][] symbols;
    private final long[] times;
    private final Map<Long, Occurrences> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

    PairMerges(List<byte[]> words, List<Long> times, int[] idsOfBytes) {
        symbols = new int[words.size()][];
        this.times = new long[words.size()];
        for (int w = 0; w < symbols.length; w++) {
            byte[] bytes = words.get(w);
            symbols[w] = new int[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                symbols[w][i] = idsOfBytes[bytes[i] & 0xFF];
            }
            this.times[w] = times.get(w);
            for (int i = 1; i < bytes.length; i++) {
                change(symbols[w][i - 1], symbols[w][i], w, 1);
            }
        }
        pairs.forEach((pair, found) -> queue.add(new Candidate(pair, found.count)));
    }

    /** Returns the pairs in the order of merging; the first new symbol is {@code firstId}. */
    List<int[]> merge(int merges, int firstId) {
        List<int[]> made = new ArrayList<>();
        while (made.size() < merges && !queue.isEmpty()) {
            Candidate best = queue.poll();
            Occurrences found = pairs.get(best.pair());
            if (found == null || found.count != best.count()) {
                if (found != null && found.count > 0) {
                    queue.add(new Candidate(best.pair(), found.count));
                }
                continue;
            }
            if (best.count() < 2) {
                break;
            }
            int[] pair = {(int) (best.pair() >>> 32), (int) best.pair()};
            replace(pair, firstId + made.size(), found);
            made.add(pair);
        }
        return made;
    }

    private void replace(int[] pair, int id, Occurrences found) {
        pairs.remove(key(pair[0], pair[1]));
        Set<Long> grown = new HashSet<>();
        for (int i = 0; i < found.size; i++) {
            replace(found.words[i], pair, id, grown);
        }
        for (long key : grown) {
            queue.add(new Candidate(key, Objects.requireNonNull(pairs.get(key)).count));
        }
    }

    private void replace(int word, int[] pair, int id, Set<Long> grown) {
        int[] old = symbols[word];
        int[] now = new int[old.length];
        int length = 0;
        for (int i = 0; i < old.length; ) {
            if (i + 1 == old.length || old[i] != pair[0] || old[i + 1] != pair[1]) {
                now[length++] = old[i++];
                continue;
            }
            if (length > 0) {
                change(now[length - 1], pair[0], word, -1);
                grown.add(change(now[length - 1], id, word, 1));
            }
            if (i + 2 < old.length) {
                change(pair[1], old[i + 2], word, -1);
                grown.add(change(id, old[i + 2], word, 1));
            }
            now[length++] = id;
            i += 2;
        }
        symbols[word] = length == old.length ? old : Arrays.copyOf(now, length);
    }

    private long change(int left, int right, int word, int sign) {
        long key = key(left, right);
        // The merged pair has been removed, but may appear again where it overlaps itself, as in "aaa".
        Occurrences at = sign > 0 ? pairs.computeIfAbsent(key, k -> new Occurrences()) : pairs.get(key);
        if (at != null) {
            at.count += sign * times[word];
            if (sign > 0) {
                at.add(word);
            }
        }
        return key;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}

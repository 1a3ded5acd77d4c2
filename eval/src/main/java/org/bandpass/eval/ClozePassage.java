package org.bandpass.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/**
 * Three neighbouring words of a document and the characters before them. It is cut in text, not in tokens, so that it is
 * the same for every model.
 *
 * @param start UTF-16 index of the first word
 * @param rank random number that depends on the document's id and {@code start} alone
 * @param context characters before the first word
 * @param words three different words
 * @param gaps the characters between the first two words and between the last two
 */
record ClozePassage(String document, int start, long rank, String context, List<String> words, List<String> gaps) {

    static final int WORDS = 3;

    /** A passage begins at the first word in each stretch of this many UTF-16 units, so passages barely overlap. */
    private static final int STRETCH = 32;

    /** Most passages of one document: more would depend too much on each other. */
    private static final int MOST_PER_DOCUMENT = 32;

    /** Longer runs of letters and digits are rarely words: a hash, a number, text without spaces. */
    private static final int LONGEST_WORD = 14;

    private static final int LONGEST_GAP = 3;

    static final Comparator<ClozePassage> BY_RANK = Comparator.comparingLong(ClozePassage::rank)
            .thenComparing(ClozePassage::document)
            .thenComparingInt(ClozePassage::start);

    /**
     * Returns the passages of a document, at most 32 of the smallest ranks.
     *
     * @param contextCharacters UTF-16 units of the context, one less where it would split a character
     */
    static List<ClozePassage> of(String document, String text, int contextCharacters) {
        List<ClozePassage> passages = new ArrayList<>();
        for (int stretch = 0; stretch < text.length(); stretch += STRETCH) {
            int start = Word.start(text, stretch, Math.min(text.length(), stretch + STRETCH));
            if (start >= contextCharacters) {
                add(document, text, start, contextCharacters, passages);
            }
        }
        passages.sort(BY_RANK);
        return List.copyOf(passages.subList(0, Math.min(passages.size(), MOST_PER_DOCUMENT)));
    }

    private static void add(
            String document, String text, int start, int contextCharacters, List<ClozePassage> passages) {
        List<String> words = new ArrayList<>();
        List<String> gaps = new ArrayList<>();
        int at = start;
        while (words.size() < WORDS) {
            int next = Word.start(text, at, Math.min(text.length(), at + LONGEST_GAP + 1));
            int end = next < 0 ? 0 : Word.end(text, next);
            if (next < 0 || end - next > LONGEST_WORD) {
                return;
            }
            if (!words.isEmpty()) {
                gaps.add(text.substring(at, next));
            }
            words.add(text.substring(next, end));
            at = end;
        }
        if (new HashSet<>(words).size() == WORDS) {
            int from = start - contextCharacters;
            boolean splits = from > 0 && Character.isSurrogatePair(text.charAt(from - 1), text.charAt(from));
            passages.add(new ClozePassage(
                    document,
                    start,
                    IdHash.of("passage", document, Integer.toString(start)),
                    text.substring(splits ? from + 1 : from, start),
                    List.copyOf(words),
                    List.copyOf(gaps)));
        }
    }

    /** Returns the passage's text with its words in another order; the gaps stay where they are. */
    String inOrder(int... order) {
        StringBuilder text = new StringBuilder(words.get(order[0]));
        for (int i = 1; i < WORDS; i++) {
            text.append(gaps.get(i - 1)).append(words.get(order[i]));
        }
        return text.toString();
    }
}

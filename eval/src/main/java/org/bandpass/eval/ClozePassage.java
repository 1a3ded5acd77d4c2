package org.bandpass.eval;

import org.jspecify.annotations.Nullable;

/**
 * A passage of a document: a context that ends with a word, and the continuation after it, which begins with the white
 * space between them. It is cut in text, not in tokens, so that it is the same for every model.
 */
record ClozePassage(String id, String context, String continuation) {

    /**
     * Returns a passage at a place that depends on the document's id alone, or null where the document is too short
     * or the place has no words.
     *
     * <p>The place is random because documents of one kind often begin with the same words, for example a licence.
     *
     * @param contextChars most UTF-16 units of the context; at least about half of them
     * @param continuationChars most UTF-16 units of the continuation; at least about half of them
     */
    static @Nullable ClozePassage of(String id, String text, int contextChars, int continuationChars) {
        int room = text.length() - contextChars - continuationChars;
        if (room < 0) {
            return null;
        }
        int start = wordStart(text, IdHash.below(room + 1, "passage", id), contextChars);
        int seam = wordEnd(text, start + contextChars / 2, start + contextChars);
        int end = wordEnd(text, seam + continuationChars / 2, seam + continuationChars);
        String context = text.substring(start, seam);
        String continuation = text.substring(seam, end);
        return context.isBlank() || continuation.isBlank() ? null : new ClozePassage(id, context, continuation);
    }

    /** Returns the start of the word at a position, or the position where no word starts within reach before it. */
    private static int wordStart(String text, int position, int reach) {
        for (int p = position; p >= Math.max(0, position - reach); p--) {
            if ((p == 0 || isSpace(text, p - 1)) && !isSpace(text, p)) {
                return p;
            }
        }
        return betweenCharacters(text, position);
    }

    /** Returns the last end of a word in (from, to], or {@code to} where there is none. */
    private static int wordEnd(String text, int from, int to) {
        for (int p = to; p > from; p--) {
            if ((p == text.length() || isSpace(text, p)) && !isSpace(text, p - 1)) {
                return p;
            }
        }
        return betweenCharacters(text, to);
    }

    private static boolean isSpace(String text, int position) {
        return Character.isWhitespace(text.charAt(position));
    }

    private static int betweenCharacters(String text, int position) {
        boolean splits = position > 0
                && position < text.length()
                && Character.isSurrogatePair(text.charAt(position - 1), text.charAt(position));
        return splits ? position - 1 : position;
    }
}

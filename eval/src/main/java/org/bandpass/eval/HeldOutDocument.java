package org.bandpass.eval;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.Unit;
import org.jspecify.annotations.Nullable;

/**
 * A held-out document as far as it is scored.
 *
 * @param text its text, cut where it is longer than allowed; empty for a sequence
 * @param bytes UTF-8 bytes of that
 * @param cut whether the document is longer
 * @param sequence ids of a packed sequence; null for a text
 */
record HeldOutDocument(
        String id,
        String domain,
        String text,
        long bytes,
        boolean cut,
        @Nullable Sequence sequence) {

    /** Token ids that were packed at ingest, and the revision of their tokenizer. */
    record Sequence(List<Integer> ids, String tokenizerRevision) {}

    private static final int MOST_BYTES_PER_UNIT = 3;

    /**
     * Returns a document, cut between two characters.
     *
     * @param maxBytes UTF-8 bytes to keep at most, 0 for all; a sequence is never cut
     */
    static HeldOutDocument of(Document document, int maxBytes) {
        List<Integer> ids = document.getTokenIds();
        if (document.getUnit() == Unit.SEQUENCE && ids != null) {
            String revision = document.getTokenizerRevision();
            return new HeldOutDocument(
                    document.getId(),
                    document.getDomain(),
                    "",
                    document.getBytes(),
                    false,
                    new Sequence(List.copyOf(ids), revision == null ? "" : revision));
        }
        String text = document.getText();
        int kept = maxBytes == 0 ? text.length() : fitting(text, maxBytes);
        String start = text.substring(0, kept);
        return new HeldOutDocument(
                document.getId(),
                document.getDomain(),
                start,
                start.getBytes(StandardCharsets.UTF_8).length,
                kept < text.length(),
                null);
    }

    /** Returns how many chars fit into so many bytes of UTF-8; never half a surrogate pair. */
    private static int fitting(String text, int maxBytes) {
        if ((long) text.length() * MOST_BYTES_PER_UNIT <= maxBytes) {
            return text.length();
        }
        int bytes = 0;
        int chars = 0;
        while (chars < text.length()) {
            int point = text.codePointAt(chars);
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes > maxBytes) {
                return chars;
            }
            chars += Character.charCount(point);
        }
        return chars;
    }
}

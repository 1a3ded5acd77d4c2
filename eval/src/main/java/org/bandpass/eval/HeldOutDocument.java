package org.bandpass.eval;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bandpass.schemas.Document;
import org.jspecify.annotations.Nullable;

/**
 * The part of a held-out document that is scored.
 *
 * @param text its text, cut where it is longer than allowed; empty for a packed sequence
 * @param bytes UTF-8 bytes of that text, or of a sequence's
 * @param cut whether the document is longer
 * @param ids token ids of a packed sequence; null for a text
 * @param tokenizerRevision tokenizer of the ids
 */
record HeldOutDocument(
        String id,
        String domain,
        String text,
        long bytes,
        boolean cut,
        @Nullable List<Integer> ids,
        @Nullable String tokenizerRevision) {

    private static final long MOST_BYTES_PER_CHAR = 3;

    /** Cuts a text to at most {@code maxBytes} UTF-8 bytes between two characters, 0 for all; never a sequence. */
    static HeldOutDocument of(Document document, int maxBytes) {
        String text = document.getText();
        long allBytes = MOST_BYTES_PER_CHAR * text.length();
        ByteBuffer bytes = ByteBuffer.allocate((int) (maxBytes == 0 ? allBytes : Math.min(maxBytes, allBytes)));
        CharBuffer chars = CharBuffer.wrap(text);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(chars, bytes, true);
        return new HeldOutDocument(
                document.getId(),
                document.getDomain(),
                text.substring(0, chars.position()),
                document.getTokenIds() == null ? bytes.position() : document.getBytes(),
                chars.hasRemaining(),
                document.getTokenIds(),
                document.getTokenizerRevision());
    }
}

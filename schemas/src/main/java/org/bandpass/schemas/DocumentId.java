package org.bandpass.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.NullMarked;

/** Ids of documents, made from their content: equal texts have equal ids. */
@NullMarked
public final class DocumentId {

    private static final int BYTES = 16;

    private DocumentId() {}

    /** Returns the first 16 bytes of SHA-256 over the UTF-8 text, as 32 lower-case hex digits. */
    public static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the id of a text given as its UTF-8 bytes. */
    public static String of(byte[] utf8) {
        return HexFormat.of().formatHex(sha256().digest(utf8), 0, BYTES);
    }

    /** Returns the id of a sequence: the first 16 bytes of SHA-256 over its ids, four big-endian bytes each. */
    public static String of(int[] tokenIds) {
        ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(tokenIds.length, Integer.BYTES));
        buffer.asIntBuffer().put(tokenIds);
        return of(buffer.array());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package org.bandpass.sources.line;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.jspecify.annotations.Nullable;

/** Reads a file of plain text as one document: UTF-8, or UTF-16 with a byte order mark. */
public final class PlainText implements RecordReader {

    private final InputStream in;
    private final String fileName;
    private final int longest;
    private boolean ended;

    public PlainText(InputStream in, String fileName, int longest) {
        this.in = in;
        this.fileName = fileName;
        this.longest = longest;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        byte[] bytes = ended ? new byte[0] : in.readNBytes(longest + 1);
        ended = true;
        if (bytes.length == 0) {
            return null;
        }
        if (bytes.length > longest) {
            return overlong("a text", longest);
        }
        String text = text(bytes);
        return text == null
                ? notDecoded("neither UTF-8 nor UTF-16 with a byte order mark", bytes)
                : Candidate.of(text, null, fileName);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Returns the text, or null where the bytes are not text. */
    public static @Nullable String text(byte[] bytes) {
        int first = bytes.length > 1 ? (bytes[0] & 0xff) << 8 | bytes[1] & 0xff : 0;
        if (first == 0xfeff) {
            return text(bytes, 2, bytes.length, StandardCharsets.UTF_16BE);
        }
        if (first == 0xfffe) {
            return text(bytes, 2, bytes.length, StandardCharsets.UTF_16LE);
        }
        return text(bytes, byteOrderMark(bytes, 0, bytes.length), bytes.length, StandardCharsets.UTF_8);
    }

    static @Nullable String text(byte[] bytes, int from, int to, Charset charset) {
        try {
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Returns the length of the byte order mark of UTF-8 at an offset, 0 where there is none. */
    static int byteOrderMark(byte[] bytes, int from, int to) {
        boolean marked = to - from > 2
                && bytes[from] == (byte) 0xef
                && bytes[from + 1] == (byte) 0xbb
                && bytes[from + 2] == (byte) 0xbf;
        return marked ? 3 : 0;
    }

    /** Returns the refusal of a record of more than the longest length, bytes. */
    public static Unusable overlong(String what, int longest) {
        return Unusable.of(
                Rejection.OVER_RECORD_LIMIT, what + " of more than " + longest + " bytes; see " + Bounds.RECORD_BYTES);
    }

    static Unusable notDecoded(String detail, byte[] bytes) {
        return new Unusable(Rejection.BAD_ENCODING, detail, bytes.length > Unusable.MOST_CONTENT ? null : bytes);
    }
}

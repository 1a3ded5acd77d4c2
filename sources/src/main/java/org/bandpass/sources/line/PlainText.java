package org.bandpass.sources.line;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.jspecify.annotations.Nullable;

/** Reads a file of plain text as one document: UTF-8, or UTF-16 where a byte order mark says so. */
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
        if (ended) {
            return null;
        }
        ended = true;
        byte[] bytes = in.readNBytes(longest + 1);
        if (bytes.length == 0) {
            return null;
        }
        if (bytes.length > longest) {
            return Unusable.of(
                    Rejection.OVER_RECORD_LIMIT,
                    "a text of more than " + longest + " bytes; see " + Bounds.RECORD_BYTES);
        }
        return decode(bytes, fileName);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    static SourceRecord decode(byte[] bytes, String fileName) {
        String text = text(bytes);
        if (text == null) {
            return new Unusable(
                    Rejection.BAD_ENCODING,
                    "neither UTF-8 nor UTF-16 with a byte order mark",
                    bytes.length > Unusable.MOST_CONTENT ? null : bytes);
        }
        return Candidate.of(text, null, fileName);
    }

    /** Returns the text, or null where the bytes are none. */
    public static @Nullable String text(byte[] bytes) {
        int first = bytes.length > 1 ? (bytes[0] & 0xff) << 8 | bytes[1] & 0xff : 0;
        if (first == 0xfeff) {
            return strict(bytes, 2, StandardCharsets.UTF_16BE);
        }
        if (first == 0xfffe) {
            return strict(bytes, 2, StandardCharsets.UTF_16LE);
        }
        boolean mark = first == 0xefbb && bytes.length > 2 && bytes[2] == (byte) 0xbf;
        return strict(bytes, mark ? 3 : 0, StandardCharsets.UTF_8);
    }

    private static @Nullable String strict(byte[] bytes, int from, Charset charset) {
        try {
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, bytes.length)))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}

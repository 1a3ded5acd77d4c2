package org.bandpass.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Names and encoding of the record headers: text in UTF-8, numbers big-endian. */
@NullMarked
public final class HeaderNames {

    /** On documents: held-out, reference or final; a reader can skip records without decoding them. */
    public static final String SPLIT = "bandpass-split";
    /** On scored documents: partition of the document, 4 bytes. */
    public static final String SOURCE_PARTITION = "bandpass-source-partition";
    /** On scored documents: offset of the document, 8 bytes. */
    public static final String SOURCE_OFFSET = "bandpass-source-offset";
    /** On band records: rank in [0, 1], 8 bytes, IEEE 754. */
    public static final String RANK = "bandpass-rank";
    /** On band records: version of the cuts that the rank was read from, 4 bytes. */
    public static final String CUTS_VERSION = "bandpass-cuts-version";
    /** On band records: name of the plan. */
    public static final String PLAN = "bandpass-plan";
    /** On band records: stratum that the rank refers to. */
    public static final String STRATUM = "bandpass-stratum";
    /** On band records: partition of the scored record, 4 bytes. */
    public static final String SCORED_PARTITION = "bandpass-scored-partition";
    /** On band records: offset of the scored record, 8 bytes. */
    public static final String SCORED_OFFSET = "bandpass-scored-offset";

    private HeaderNames() {}

    /** Returns the name of a split part in the header {@link #SPLIT} and in messages: held-out, reference or final. */
    public static String nameOf(SplitPart part) {
        return part.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns whether the header of a document's record names a part. */
    public static boolean isPart(Headers headers, SplitPart part) {
        return nameOf(part).equals(text(headers, SPLIT));
    }

    /** Returns the part in the header of a document's record; null if the header is missing or names no part. */
    public static @Nullable SplitPart part(Headers headers) {
        for (SplitPart part : SplitPart.values()) {
            if (isPart(headers, part)) {
                return part;
            }
        }
        return null;
    }

    public static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] bytes(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(0, value).array();
    }

    public static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(0, value).array();
    }

    public static byte[] bytes(double value) {
        return bytes(Double.doubleToRawLongBits(value));
    }

    /** Returns a text header, or null where the record has none of that name. */
    public static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /**
     * Returns a 4-byte header.
     *
     * @throws IllegalArgumentException if the record has none of that name and length
     */
    public static int integer(Headers headers, String name) {
        return buffer(headers, name, Integer.BYTES).getInt();
    }

    /** Returns an 8-byte header, with the same exception as {@link #integer}. */
    public static long longInteger(Headers headers, String name) {
        return buffer(headers, name, Long.BYTES).getLong();
    }

    /** Returns a floating-point header, with the same exception as {@link #integer}. */
    public static double real(Headers headers, String name) {
        return Double.longBitsToDouble(longInteger(headers, name));
    }

    private static ByteBuffer buffer(Headers headers, String name, int length) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null || header.value().length != length) {
            throw new IllegalArgumentException("the record has no header " + name + " of " + length + " bytes");
        }
        return ByteBuffer.wrap(header.value());
    }
}

package org.bandpass.sources.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.DirectByteBufferAllocator;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.deltastrings.DeltaByteArrayWriter;
import org.apache.parquet.io.api.Binary;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.junit.jupiter.api.Test;

/** Pages made by hand that claim more than they hold. */
class PageLimitsTest {

    private static final int VALUES = 1_000;
    /** Blocks of 128 values in 4 parts. */
    private static final String BLOCKS = "8001" + "04";
    /** 2^31 - 1. */
    private static final String LARGEST = "ffffffff07";

    @Test
    void boundsDictionaries() throws IOException {
        assertThat(PageLimits.dictionary(10, 40)).isEqualTo(480);
        assertThatThrownBy(() -> PageLimits.dictionary(41, 40)).hasMessageContaining("dictionary");
        assertThatThrownBy(() -> PageLimits.dictionary(-1, 40)).hasMessageContaining("dictionary");
    }

    @Test
    void boundsDeltas() throws IOException {
        for (Encoding encoding : new Encoding[] {
            Encoding.DELTA_BINARY_PACKED, Encoding.DELTA_LENGTH_BYTE_ARRAY, Encoding.DELTA_BYTE_ARRAY
        }) {
            refused(encoding, BLOCKS + LARGEST + "00", "more values");
            refused(encoding, BLOCKS + "ffffffff0f" + "00", "more values");
            refused(encoding, BLOCKS + "e907" + "00", "more values");
            refused(encoding, LARGEST + "01" + "01" + "00", "blocks of 2147483647");
            refused(encoding, "80800801" + "01" + "00", "blocks of 131072");
            refused(encoding, "8101" + "01" + "01" + "00", "blocks of 129");
            refused(encoding, "00" + "01" + "01" + "00", "blocks of 0");
            refused(encoding, "8001" + "00" + "01" + "00", "0 parts");
            refused(encoding, "8001" + "20" + "01" + "00", "32 parts");
            refused(encoding, "8001" + LARGEST + "01" + "00", "2147483647 parts");
            refused(encoding, "ffffffffff01", "too many bytes");
            refused(encoding, "80", "within a number");
        }
        assertThat(needed(Encoding.DELTA_BINARY_PACKED, BLOCKS + "e807" + "00")).isEqualTo(8L * (VALUES + 128));
    }

    @Test
    void followsPrefixes() throws IOException {
        ValuesWriter whole = new DeltaByteArrayWriter(64, 1 << 20, new DirectByteBufferAllocator());
        for (int i = 0; i < VALUES; i++) {
            whole.writeBytes(Binary.fromString("text number " + i));
        }
        assertThat(needed(Encoding.DELTA_BYTE_ARRAY, bytes(whole.getBytes()))).isEqualTo(16L * (VALUES + 128));

        refused(Encoding.DELTA_BYTE_ARRAY, BLOCKS + "02", "damaged");
        refused(Encoding.DELTA_BYTE_ARRAY, numbers(1) + numbers(1) + "78", "longer than the text before");
        refused(Encoding.DELTA_BYTE_ARRAY, numbers(0, 1 << 30) + numbers(1, 0) + "78", "longer than the text before");
        refused(Encoding.DELTA_BYTE_ARRAY, numbers(0, -1) + numbers(1, 0) + "78", "longer than the text before");
        refused(Encoding.DELTA_BYTE_ARRAY, numbers(0, 1) + numbers(1, 1) + "78", "longer than its page");
        refused(Encoding.DELTA_BYTE_ARRAY, numbers(0, 0) + numbers(2, -1) + "7878", "longer than its page");
        refused(Encoding.DELTA_BYTE_ARRAY, numbers(0, 0) + numbers(1) + "78", "prefixes");
        refused(Encoding.DELTA_BYTE_ARRAY, numbers(0) + BLOCKS + LARGEST + "00", "more values");
    }

    @Test
    void boundsRuns() throws IOException {
        // 125 groups of eight one-bit values, as many as the page has
        String packed = "fb01" + "ff".repeat(125);
        assertThat(needed(Encoding.RLE_DICTIONARY, "01" + packed)).isEqualTo(5L * VALUES);
        assertThat(needed(Encoding.RLE, "7f000000" + packed)).isEqualTo(5L * VALUES);
        assertThat(needed(Encoding.RLE_DICTIONARY, "01" + "d00f" + "01")).isZero();
        assertThat(needed(Encoding.RLE_DICTIONARY, "")).isZero();
        refused(Encoding.RLE_DICTIONARY, "01" + "ffffffff0f", "longer than its page");
        refused(Encoding.RLE_DICTIONARY, "00" + "ffffffff07", "longer than its page");
        refused(Encoding.RLE_DICTIONARY, "21" + packed, "more bits");
        refused(Encoding.RLE, "80000000" + packed, "longer than their page");
        refused(Encoding.RLE, "ffffffff" + packed, "longer than their page");
        refused(Encoding.RLE, "7f00", "ends within");
    }

    @Test
    @SuppressWarnings("deprecation")
    void movesAfterLevels() throws IOException {
        ByteBuffer page = page("03000000" + "d00f01" + "aabb");
        limits().levels(page, Encoding.RLE, 0);
        assertThat(page.position()).isZero();
        limits().levels(page, Encoding.RLE, 1);
        assertThat(page.remaining()).isEqualTo(2);
        ByteBuffer old = page("ff".repeat(250) + "aabb");
        limits().levels(old, Encoding.BIT_PACKED, 3);
        assertThat(old.remaining()).isEqualTo(2);
        assertThatThrownBy(() -> limits().levels(page("00"), Encoding.DELTA_BINARY_PACKED, 1))
                .isInstanceOf(SourceFailure.class);
    }

    @Test
    void stopsWhereDecodersWouldTakeTooMuchMemory() {
        PageLimits limits = new PageLimits(VALUES, bytes -> {
            throw new UncheckedIOException(new SourceFailure(Rejection.EXPANDS_TOO_MUCH, "too much"));
        });
        assertThatThrownBy(() -> limits.values(page(BLOCKS + "e807" + "00"), Encoding.DELTA_BYTE_ARRAY))
                .hasMessageContaining("too much");
    }

    private static void refused(Encoding encoding, String page, String why) {
        assertThatThrownBy(() -> needed(encoding, page))
                .as("%s %s", encoding, page)
                .isInstanceOfSatisfying(
                        SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(Rejection.BROKEN_OFF))
                .hasMessageContaining(why);
    }

    private static long needed(Encoding encoding, String page) throws IOException {
        PageLimits limits = limits();
        limits.values(page(page), encoding);
        return limits.neededBytes();
    }

    private static PageLimits limits() {
        return new PageLimits(VALUES, bytes -> {});
    }

    private static String numbers(int... numbers) throws IOException {
        ValuesWriter writer =
                new DeltaBinaryPackingValuesWriterForInteger(64, 1 << 20, new DirectByteBufferAllocator());
        for (int number : numbers) {
            writer.writeInteger(number);
        }
        return bytes(writer.getBytes());
    }

    private static String bytes(BytesInput bytes) throws IOException {
        return HexFormat.of().formatHex(bytes.toInputStream().readAllBytes());
    }

    private static ByteBuffer page(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}

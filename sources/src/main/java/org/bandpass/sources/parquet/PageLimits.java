package org.bandpass.sources.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;

/**
 * Looks through a page for the counts that its decoders allocate memory for before they look at anything else, and refuses
 * those that the page cannot hold. What the decoders will hold is counted.
 */
final class PageLimits {

    /** What an entry of a dictionary takes beside its bytes: an object and where it is found. */
    private static final int ENTRY = 48;
    /** Values of a block; writers use 128 to 2,048. */
    private static final int LONGEST_BLOCK = 1 << 16;

    private static final int BLOCK = 128;
    private static final int GROUP = 8;
    /** Writers may fill a run of levels up beyond the last value. */
    private static final int PADDING = 512;

    private final int values;
    private final LongConsumer holding;
    private long needed;

    /**
     * Prepares for a page.
     *
     * @param values how many values its header claims
     * @param holding receives how much its decoders take in all; throws where that is too much
     */
    PageLimits(int values, LongConsumer holding) {
        this.values = values;
        this.holding = holding;
    }

    /** Returns how many bytes a dictionary takes. */
    static long dictionary(int entries, int bytes) throws SourceFailure {
        require(entries >= 0 && entries <= bytes, "a dictionary claims more entries than it has bytes");
        return (long) ENTRY * entries;
    }

    /** Returns how many bytes the decoders of the page take. */
    long needed() {
        return needed;
    }

    /** Passes over the levels of a page of the first version, which stand before its values. */
    @SuppressWarnings("deprecation") // what is deprecated for writers is still read
    void levels(ByteBuffer page, Encoding encoding, int highest) throws SourceFailure {
        int width = BytesUtils.getWidthFromMaxInt(highest);
        if (encoding == Encoding.BIT_PACKED) {
            skip(page, ((long) values * width + GROUP - 1) / GROUP);
        } else if (highest > 0) {
            require(encoding == Encoding.RLE, "levels are not encoded as levels are");
            prefixed(page, width);
        }
    }

    /** Looks through runs: of levels of a page of the second version, or of references to a dictionary. */
    void runs(ByteBuffer page, int width) throws SourceFailure {
        require(width >= 0 && width <= Integer.SIZE, "a page claims values of more bits than there are");
        long seen = 0;
        long longest = 0;
        while (seen < values && page.hasRemaining()) {
            long header = Integer.toUnsignedLong(number(page));
            long count = header >> 1;
            if ((header & 1) == 0) {
                skip(page, (width + GROUP - 1) / GROUP);
            } else {
                skip(page, count * width);
                count *= GROUP;
                require(count <= values - seen + PADDING, "a run is longer than its page");
                longest = Math.max(longest, count);
            }
            seen += count;
        }
        need(longest * (Integer.BYTES + (width + GROUP - 1) / GROUP));
    }

    /** Looks through the values of a page. */
    @SuppressWarnings("deprecation") // what is deprecated for writers is still read
    void values(ByteBuffer page, Encoding encoding) throws SourceFailure {
        switch (encoding) {
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
                if (page.hasRemaining()) {
                    runs(page, page.get());
                }
            }
            case RLE -> prefixed(page, 1);
            case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY -> numbers(page);
            case DELTA_BYTE_ARRAY -> prefixes(page);
            case BYTE_STREAM_SPLIT -> need(page.remaining());
            case PLAIN, BIT_PACKED -> {
                // nothing is allocated by counts
            }
        }
    }

    private void prefixed(ByteBuffer page, int width) throws SourceFailure {
        require(page.remaining() >= Integer.BYTES, "a page ends within its levels");
        int length = page.order(ByteOrder.LITTLE_ENDIAN).getInt();
        require(length >= 0 && length <= page.remaining(), "levels are longer than their page");
        runs(page.slice(page.position(), length), width);
        skip(page, length);
    }

    /** Looks at what stands before delta-encoded numbers; leaves the position there. */
    private int numbers(ByteBuffer page) throws SourceFailure {
        ByteBuffer head = page.duplicate();
        int block = number(head);
        int parts = number(head);
        int total = number(head);
        require(
                block > 0 && block <= LONGEST_BLOCK && block % BLOCK == 0,
                "a page claims blocks of " + Integer.toUnsignedString(block) + " values");
        require(
                parts > 0 && block % parts == 0 && block / parts % GROUP == 0,
                "a page claims blocks of " + Integer.toUnsignedString(parts) + " parts");
        require(total >= 0 && total <= values, "more values are encoded than their page has");
        need((long) Long.BYTES * ((long) total + block));
        return total;
    }

    /**
     * Each text takes a prefix of the one before it in the page, so none is longer than all that is stored of them. A
     * prefix from the page before, which a fault of writers before 2015 made, is not followed.
     */
    private void prefixes(ByteBuffer page) throws SourceFailure {
        int total = numbers(page);
        DeltaBinaryPackingValuesReader prefixes = decoded(page);
        require(numbers(page) == total, "there are more prefixes than texts, or fewer");
        DeltaBinaryPackingValuesReader suffixes = decoded(page);
        long stored = 0;
        long length = 0;
        for (int i = 0; i < total; i++) {
            long prefix = prefixes.readLong();
            long suffix = suffixes.readLong();
            require(prefix >= 0 && prefix <= length, "a prefix is longer than the text before it");
            require(suffix >= 0 && suffix <= page.remaining() - stored, "a text is longer than its page");
            stored += suffix;
            length = prefix + suffix;
        }
    }

    /** Decodes numbers; leaves the position after them. */
    private DeltaBinaryPackingValuesReader decoded(ByteBuffer page) throws SourceFailure {
        ByteBufferInputStream in = ByteBufferInputStream.wrap(page.slice());
        DeltaBinaryPackingValuesReader reader = new DeltaBinaryPackingValuesReader();
        try {
            reader.initFromPage(values, in);
        } catch (IOException e) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "numbers of a page are damaged", e);
        }
        skip(page, in.position());
        return reader;
    }

    private void need(long more) {
        needed += more;
        holding.accept(needed);
    }

    /** Decoders allow for runs that end early, at the end of the page. */
    private static void skip(ByteBuffer page, long count) {
        page.position(page.position() + (int) Math.min(count, page.remaining()));
    }

    /** ULEB128. */
    private static int number(ByteBuffer page) throws SourceFailure {
        int number = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            require(page.hasRemaining(), "a page ends within a number");
            byte next = page.get();
            number |= (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new SourceFailure(Rejection.BROKEN_OFF, "a page has a number of too many bytes");
    }

    private static void require(boolean sane, String otherwise) throws SourceFailure {
        if (!sane) {
            throw new SourceFailure(Rejection.BROKEN_OFF, otherwise);
        }
    }
}

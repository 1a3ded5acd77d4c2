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
 * Checks a page before it is decoded. Decoders first allocate memory for the counts that a page claims; counts that the
 * page cannot hold are refused here, and the memory of the decoders is counted.
 */
final class PageLimits {

    /** Memory of a dictionary entry besides its bytes: an object and a reference to it. */
    private static final int ENTRY = 48;
    /** Values of a block; writers use 128 to 2,048. */
    private static final int LONGEST_BLOCK = 1 << 16;

    private static final int BLOCK = 128;
    private static final int GROUP = 8;
    /** Writers may pad a run of levels beyond the last value. */
    private static final int PADDING = 512;

    /** Number of values that the page's header claims. */
    private final int values;
    /** Receives the memory of the page's decoders so far, bytes; throws where that is too much. */
    private final LongConsumer memory;

    private long neededBytes;

    PageLimits(int values, LongConsumer memory) {
        this.values = values;
        this.memory = memory;
    }

    /** Returns the memory of a dictionary besides its bytes. */
    static long dictionary(int entries, int bytes) throws SourceFailure {
        require(entries >= 0 && entries <= bytes, "a dictionary claims more entries than it has bytes");
        return (long) ENTRY * entries;
    }

    /** Returns the memory of the page's decoders, bytes. */
    long neededBytes() {
        return neededBytes;
    }

    /** Checks the levels of a page of version 1, and moves to the values after them. */
    @SuppressWarnings("deprecation") // deprecated for writers only
    void levels(ByteBuffer page, Encoding encoding, int highest) throws SourceFailure {
        int width = BytesUtils.getWidthFromMaxInt(highest);
        if (encoding == Encoding.BIT_PACKED) {
            skip(page, ((long) values * width + GROUP - 1) / GROUP);
        } else if (highest > 0) {
            require(encoding == Encoding.RLE, "levels have an encoding that levels cannot have");
            prefixed(page, width);
        }
    }

    /** Checks runs: the levels of a page of version 2, or references to a dictionary. */
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

    @SuppressWarnings("deprecation") // deprecated for writers only
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
                // decoders allocate nothing by counts
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

    /** Checks the header of delta-encoded numbers, without moving; returns how many there are. */
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
     * Checks texts that begin with a prefix of the text before. A prefix of a text in the previous page, which a bug of
     * writers before 2015 made, is refused.
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

    /** Decodes numbers, and moves after them. */
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
        neededBytes += more;
        memory.accept(neededBytes);
    }

    /** Decoders accept runs that the end of the page cuts. */
    private static void skip(ByteBuffer page, long count) {
        page.position(page.position() + (int) Math.min(count, page.remaining()));
    }

    /** Reads a number in ULEB128. */
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

    /** Throws if a file is found to be damaged. */
    static void require(boolean valid, String otherwise) throws SourceFailure {
        if (!valid) {
            throw new SourceFailure(Rejection.BROKEN_OFF, otherwise);
        }
    }
}

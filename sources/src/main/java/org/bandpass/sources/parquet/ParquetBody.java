package org.bandpass.sources.parquet;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.GzipMembers;
import org.brotli.dec.BrotliInputStream;
import org.xerial.snappy.Snappy;

/** What follows the header of a page, decompressed as it is read from the file. */
final class ParquetBody {

    private static final int BUFFER = 64 << 10;

    private final CompressionCodec codec;
    private final PageHeader header;
    private final int stored;
    /** How many bytes at the beginning are not compressed. */
    private final int plain;

    ParquetBody(CompressionCodec codec, PageHeader header) throws SourceFailure {
        this.codec = codec;
        this.header = header;
        this.stored = header.getCompressed_page_size();
        this.plain = plain();
    }

    /** Returns how long it is, decompressed. */
    int length() {
        return plain == stored ? stored : header.getUncompressed_page_size();
    }

    /** Returns how many bytes are held beside the result while it is decompressed. */
    int beside() {
        return codec == CompressionCodec.SNAPPY || codec == CompressionCodec.LZ4_RAW ? stored - plain : 0;
    }

    /**
     * Reads it.
     *
     * @param into has room for it
     * @throws SourceFailure if it is damaged
     */
    void read(FileChannel file, long at, byte[] into) throws IOException {
        CRC32 sum = new CRC32();
        InputStream region = new ParquetRegion(file, at, at + stored, BUFFER);
        InputStream in = header.isSetCrc() ? new CheckedInputStream(region, sum) : region;
        try {
            if (in.readNBytes(into, 0, plain) < plain) {
                throw new SourceFailure(Rejection.BROKEN_OFF, "the file ends in the middle of a page");
            }
            if (plain < stored) {
                decompress(in, into);
            }
        } catch (SourceFailure e) {
            throw e;
        } catch (IOException e) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "a page cannot be decompressed", e);
        }
        if (header.isSetCrc()) {
            in.transferTo(OutputStream.nullOutputStream());
            if ((int) sum.getValue() != header.getCrc()) {
                throw new SourceFailure(Rejection.BROKEN_OFF, "the check sum of a page is wrong");
            }
        }
    }

    private int plain() throws SourceFailure {
        if (header.getType() != PageType.DATA_PAGE_V2) {
            return codec == CompressionCodec.UNCOMPRESSED ? stored : 0;
        }
        DataPageHeaderV2 page = header.getData_page_header_v2();
        int levels = levels(page);
        boolean compressed = !page.isSetIs_compressed() || page.isIs_compressed();
        if (!compressed || codec == CompressionCodec.UNCOMPRESSED || levels == stored) {
            return stored;
        }
        if (levels > header.getUncompressed_page_size()) {
            throw notAsLong();
        }
        return levels;
    }

    private int levels(DataPageHeaderV2 page) throws SourceFailure {
        int repetitions = page.getRepetition_levels_byte_length();
        int definitions = page.getDefinition_levels_byte_length();
        if (repetitions < 0 || definitions < 0 || definitions > stored - repetitions) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "the levels of a page are longer than the page");
        }
        return repetitions + definitions;
    }

    private void decompress(InputStream in, byte[] into) throws IOException {
        switch (codec) {
            case SNAPPY -> snappy(in.readNBytes(stored - plain), into);
            case LZ4_RAW -> lz4(in.readNBytes(stored - plain), into);
            case GZIP -> exactly(new GzipMembers(in), into);
            case ZSTD -> exactly(new ZstdInputStream(in), into);
            case BROTLI -> exactly(new BrotliInputStream(in), into);
            default ->
                throw new SourceFailure(
                        Rejection.UNSUPPORTED,
                        "Parquet compressed with " + codec
                                + " is not read; write it with snappy, gzip, zstd or lz4_raw");
        }
    }

    private void snappy(byte[] compressed, byte[] into) throws IOException {
        if (Snappy.uncompressedLength(compressed) != length() - plain) {
            throw notAsLong();
        }
        Snappy.uncompress(compressed, 0, compressed.length, into, plain);
    }

    private void lz4(byte[] compressed, byte[] into) throws IOException {
        LZ4SafeDecompressor lz4 = LZ4Factory.fastestJavaInstance().safeDecompressor();
        int wanted = length() - plain;
        try {
            if (lz4.decompress(compressed, 0, compressed.length, into, plain, wanted) != wanted) {
                throw notAsLong();
            }
        } catch (LZ4Exception e) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "a page cannot be decompressed", e);
        }
    }

    private void exactly(InputStream decompressing, byte[] into) throws IOException {
        try (InputStream in = decompressing) {
            int wanted = length() - plain;
            if (in.readNBytes(into, plain, wanted) < wanted || in.read() >= 0) {
                throw notAsLong();
            }
        }
    }

    private static SourceFailure notAsLong() {
        return new SourceFailure(Rejection.BROKEN_OFF, "a page is not as long as its header says");
    }
}

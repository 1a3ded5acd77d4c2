package org.bandpass.sources.parquet;

import static org.bandpass.sources.parquet.PageLimits.require;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
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

/** The bytes after the header of a page: their checks and their decompression. */
final class ParquetBody {

    private static final String WRONG_LENGTH = "a page is not as long as its header says";

    private final CompressionCodec codec;
    private final PageHeader header;
    private final int stored;
    /** Bytes at the beginning that are not compressed. */
    private final int plain;

    ParquetBody(CompressionCodec codec, PageHeader header) throws SourceFailure {
        this.codec = codec;
        this.header = header;
        this.stored = header.getCompressed_page_size();
        this.plain = plain();
    }

    /** Returns the length after decompression, bytes. */
    int length() {
        return plain == stored ? stored : header.getUncompressed_page_size();
    }

    /** Returns how many bytes {@link #read} allocates. */
    int scratchBytes() {
        return stored - plain;
    }

    /** Reads and decompresses {@link #length} bytes to the target; fails if they are damaged. */
    void read(FileChannel file, long at, byte[] target) throws IOException {
        ParquetFooter.read(file, at, target, plain);
        byte[] compressed = ParquetFooter.bytes(file, at + plain, stored - plain);
        if (header.isSetCrc()) {
            CRC32 sum = new CRC32();
            sum.update(target, 0, plain);
            sum.update(compressed);
            require((int) sum.getValue() == header.getCrc(), "the check sum of a page is wrong");
        }
        if (plain == stored) {
            return;
        }
        try {
            decompress(compressed, target);
        } catch (SourceFailure e) {
            throw e;
        } catch (IOException | LZ4Exception e) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "a page cannot be decompressed", e);
        }
    }

    private int plain() throws SourceFailure {
        if (header.getType() != PageType.DATA_PAGE_V2) {
            return codec == CompressionCodec.UNCOMPRESSED ? stored : 0;
        }
        DataPageHeaderV2 page = header.getData_page_header_v2();
        int repetitions = page.getRepetition_levels_byte_length();
        int definitions = page.getDefinition_levels_byte_length();
        require(
                repetitions >= 0 && definitions >= 0 && definitions <= stored - repetitions,
                "the levels of a page are longer than the page");
        int levels = repetitions + definitions;
        boolean compressed = !page.isSetIs_compressed() || page.isIs_compressed();
        if (!compressed || codec == CompressionCodec.UNCOMPRESSED || levels == stored) {
            return stored;
        }
        require(levels <= header.getUncompressed_page_size(), WRONG_LENGTH);
        return levels;
    }

    private void decompress(byte[] compressed, byte[] target) throws IOException {
        int length = length() - plain;
        InputStream in = new ByteArrayInputStream(compressed);
        switch (codec) {
            case SNAPPY -> {
                require(Snappy.uncompressedLength(compressed) == length, WRONG_LENGTH);
                Snappy.uncompress(compressed, 0, compressed.length, target, plain);
            }
            case LZ4_RAW -> {
                LZ4SafeDecompressor lz4 = LZ4Factory.fastestJavaInstance().safeDecompressor();
                int written = lz4.decompress(compressed, 0, compressed.length, target, plain, length);
                require(written == length, WRONG_LENGTH);
            }
            case GZIP -> decompress(new GzipMembers(in), target, length);
            case ZSTD -> decompress(new ZstdInputStream(in), target, length);
            case BROTLI -> decompress(new BrotliInputStream(in), target, length);
            default ->
                throw new SourceFailure(
                        Rejection.UNSUPPORTED,
                        "Parquet compressed with " + codec
                                + " is not read; write it with snappy, gzip, zstd or lz4_raw");
        }
    }

    private void decompress(InputStream decompressing, byte[] target, int length) throws IOException {
        try (InputStream in = decompressing) {
            require(in.readNBytes(target, plain, length) == length && in.read() < 0, WRONG_LENGTH);
        }
    }
}

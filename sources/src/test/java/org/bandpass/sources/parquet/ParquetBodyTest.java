package org.bandpass.sources.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import net.jpountz.lz4.LZ4Factory;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

/** Damaged pages in every compression. */
class ParquetBodyTest {

    private static final byte[] CONTENT = SampleFiles.bytes("some text, some text, some text".repeat(10_000));

    @TempDir
    private Path folder;

    @Test
    void reportsDamagedPagesAsBrokenOff() throws IOException {
        byte[] noise = new byte[10_000];
        new Random(7).nextBytes(noise);
        for (CompressionCodec codec : new CompressionCodec[] {
            CompressionCodec.SNAPPY,
            CompressionCodec.GZIP,
            CompressionCodec.ZSTD,
            CompressionCodec.BROTLI,
            CompressionCodec.LZ4_RAW
        }) {
            for (int from = 0; from < 100; from++) {
                byte[] stored = Arrays.copyOfRange(noise, from * 97, noise.length);
                assertBrokenOff(codec, stored, header(stored.length, CONTENT.length));
            }
            assertBrokenOff(codec, new byte[1], header(1, CONTENT.length));
        }
        byte[] snappy = Snappy.compress(CONTENT);
        assertBrokenOff(CompressionCodec.SNAPPY, snappy, header(snappy.length, CONTENT.length - 1));
        Arrays.fill(snappy, 2_000, 2_100, (byte) 0xff);
        assertBrokenOff(CompressionCodec.SNAPPY, snappy, header(snappy.length, CONTENT.length));
        byte[] lz4 = LZ4Factory.fastestJavaInstance().fastCompressor().compress(CONTENT);
        assertThat(read(CompressionCodec.LZ4_RAW, lz4, header(lz4.length, CONTENT.length)))
                .startsWith(CONTENT);
        for (int wrong : new int[] {-1, 1}) {
            assertBrokenOff(CompressionCodec.LZ4_RAW, lz4, header(lz4.length, CONTENT.length + wrong));
        }
        assertBrokenOff(CompressionCodec.UNCOMPRESSED, CONTENT, header(CONTENT.length + 1, CONTENT.length + 1));
    }

    @Test
    void checksSums() throws IOException {
        byte[] stored = Snappy.compress(CONTENT);
        CRC32 sum = new CRC32();
        sum.update(stored);
        PageHeader header = header(stored.length, CONTENT.length);
        header.setCrc((int) sum.getValue());
        assertThat(read(CompressionCodec.SNAPPY, stored, header)).startsWith(CONTENT);
        header.setCrc((int) sum.getValue() + 1);
        assertBrokenOff(CompressionCodec.SNAPPY, stored, header);
    }

    @Test
    void refusesLevelsLongerThanThePage() {
        for (int[] lengths : new int[][] {{-1, 2}, {2, -1}, {Integer.MAX_VALUE, Integer.MAX_VALUE}, {50, 51}}) {
            PageHeader header = new PageHeader(PageType.DATA_PAGE_V2, 100, 100);
            header.setData_page_header_v2(new DataPageHeaderV2(1, 0, 1, Encoding.PLAIN, lengths[0], lengths[1]));
            assertThatThrownBy(() -> new ParquetBody(CompressionCodec.SNAPPY, header))
                    .isInstanceOf(SourceFailure.class)
                    .hasMessageContaining("levels");
        }
    }

    private void assertBrokenOff(CompressionCodec codec, byte[] stored, PageHeader header) {
        assertThatThrownBy(() -> read(codec, stored, header))
                .as("%s", codec)
                .isInstanceOfSatisfying(
                        SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(Rejection.BROKEN_OFF));
    }

    private byte[] read(CompressionCodec codec, byte[] stored, PageHeader header) throws IOException {
        ParquetBody body = new ParquetBody(codec, header);
        byte[] into = new byte[body.length() + 10];
        try (FileChannel file = FileChannel.open(SampleFiles.write(folder.resolve("page"), stored))) {
            body.read(file, 0, into);
        }
        return into;
    }

    private static PageHeader header(int stored, int length) {
        return new PageHeader(PageType.DATA_PAGE, length, stored);
    }
}

package org.bandpass.sources.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.SampleOpener;
import org.bandpass.sources.SampleParquet;
import org.bandpass.sources.SampleParquet.Manner;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of less than a kilobyte for which parquet-hadoop allocates more than 50 MB. They are why files are read by our own
 * code, see docs/decisions/0012-readers-of-our-own.md.
 */
@Timeout(60)
class HostileParquetTest {

    private static final MessageType TYPE =
            MessageTypeParser.parseMessageType("message row { required int64 number; }");
    private static final int ROWS = 40;
    /** 2^24 - 1 as ULEB128. */
    private static final String MANY = "ffffff07";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path folder;

    @Test
    void refusesAPageThatClaimsManyValues() throws IOException {
        Path whole = table();
        byte[] bytes = Files.readAllBytes(whole);
        // Delta encoding begins with blocks of 128 values in 4 parts, then the number of values.
        int blocks = HexFormat.of()
                        .formatHex(bytes)
                        .indexOf("800104" + HexFormat.of().toHexDigits((byte) ROWS))
                / 2;
        byte[] many = HexFormat.of().parseHex(MANY);
        System.arraycopy(many, 0, bytes, blocks + 3, many.length);
        assertRefused(bytes, 100L << 20);
    }

    @Test
    void refusesAFooterThatClaimsManyColumns() throws IOException {
        // The version of the format, then a list of structs, which is the schema.
        String footer = "1502" + "19fc" + MANY;
        byte[] bytes = HexFormat.of().parseHex("50415231" + footer + "08000000" + "50415231");
        assertRefused(bytes, 50L << 20);
    }

    private void assertRefused(byte[] hostile, long most) throws IOException {
        assertThat(hostile.length).isLessThan(1_000);
        Path file = SampleFiles.write(folder.resolve("hostile.parquet"), hostile);
        // Loads classes, which allocates memory too.
        Path whole = table();
        readByLibrary(whole);
        read(whole);

        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThat(catchThrowable(() -> readByLibrary(file))).isNotNull();
        long between = THREADS.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> read(file))
                .isInstanceOfSatisfying(
                        SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(Rejection.BROKEN_OFF));
        assertThat(between - before).isGreaterThan(most);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - between).isLessThan(4L << 20);
    }

    private Path table() {
        Manner manner =
                new Manner(CompressionCodecName.UNCOMPRESSED, WriterVersion.PARQUET_2_0, false, 1 << 20, 1 << 10);
        return SampleParquet.write(folder.resolve("whole.parquet"), manner, TYPE, ROWS, i -> {
            SimpleGroup row = new SimpleGroup(TYPE);
            row.add("number", i * 1_000_003L);
            return row;
        });
    }

    private static void readByLibrary(Path file) throws IOException {
        try (org.apache.parquet.hadoop.ParquetReader<Group> reader = new LibraryReader(file).build()) {
            Group row = reader.read();
            while (row != null) {
                row = reader.read();
            }
        }
    }

    private static void read(Path file) throws IOException {
        try (RecordReader reader = SampleOpener.with().open(LocalFile.of(file), bytes -> {})) {
            while (reader.next() != null) {
                // the rows have no text, but are records
            }
        }
    }

    private static final class LibraryReader extends org.apache.parquet.hadoop.ParquetReader.Builder<Group> {

        LibraryReader(Path file) {
            super(new LocalInputFile(file), new PlainParquetConfiguration());
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }
}

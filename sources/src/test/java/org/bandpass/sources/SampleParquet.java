package org.bandpass.sources;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet files for tests, made by the Parquet project's writer. */
public final class SampleParquet {

    public static final MessageType PILE = MessageTypeParser.parseMessageType("""
            message row {
              required binary text (STRING);
              optional binary id (STRING);
              optional group meta {
                optional binary pile_set_name (STRING);
                optional binary url (STRING);
              }
              optional int64 timestamp (TIMESTAMP(MILLIS,true));
              optional int32 tokens;
            }
            """);

    private SampleParquet() {}

    /** How a file is written. */
    public record Manner(
            CompressionCodecName codec, WriterVersion version, boolean dictionary, long groupBytes, int pageBytes) {

        public static Manner of(CompressionCodecName codec) {
            return new Manner(codec, WriterVersion.PARQUET_1_0, true, 64 << 10, 4 << 10);
        }
    }

    /** Returns a row as the Pile would have it. */
    public static Group pile(int i) {
        SimpleGroup row = new SimpleGroup(PILE);
        row.add("text", "text number " + i + " " + "x".repeat(i % 50));
        if (i % 7 != 0) {
            row.add("id", "id-" + i);
            Group meta = row.addGroup("meta");
            meta.add("pile_set_name", i % 2 == 0 ? "Books3" : "ArXiv");
            meta.add("url", "http://example.org/" + i);
            row.add("timestamp", 1_700_000_000_000L + i);
            row.add("tokens", i);
        }
        return row;
    }

    public static Path write(Path file, Manner manner, MessageType type, int rows, Function<Integer, Group> row) {
        try {
            Files.deleteIfExists(file);
            try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                    .withConf(new PlainParquetConfiguration())
                    .withCodecFactory(new SampleCodecs())
                    .withType(type)
                    .withCompressionCodec(manner.codec())
                    .withWriterVersion(manner.version())
                    .withDictionaryEncoding(manner.dictionary())
                    .withRowGroupSize(manner.groupBytes())
                    .withPageSize(manner.pageBytes())
                    // Without them damage reaches the decoders.
                    .withPageWriteChecksumEnabled(manner.codec() != CompressionCodecName.UNCOMPRESSED)
                    .build()) {
                for (int i = 0; i < rows; i++) {
                    writer.write(row.apply(i));
                }
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<CompressionCodecName> codecs() {
        return List.of(
                CompressionCodecName.UNCOMPRESSED,
                CompressionCodecName.SNAPPY,
                CompressionCodecName.GZIP,
                CompressionCodecName.ZSTD,
                CompressionCodecName.LZ4_RAW);
    }
}

package org.bandpass.sources.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
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
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables as the Parquet project writes them, and damaged ones. */
class ParquetReaderTest {

    private static final int ROWS = 5_000;

    @TempDir
    private Path folder;

    @Test
    void readsEveryCompressionAndVersion() throws IOException {
        for (CompressionCodecName codec : SampleParquet.codecs()) {
            for (WriterVersion version : WriterVersion.values()) {
                for (boolean dictionary : new boolean[] {false, true}) {
                    Manner manner = new Manner(codec, version, dictionary, 32 << 10, 2 << 10);
                    List<SourceRecord> records = read(pile(manner));
                    assertThat(records).as("%s", manner).hasSize(ROWS);
                    for (int i = 0; i < ROWS; i++) {
                        assertThat(records.get(i)).isEqualTo(expected(i));
                    }
                }
            }
        }
    }

    @Test
    void skipsRowsAsReadingDoes() throws IOException {
        Path file = pile(Manner.of(CompressionCodecName.SNAPPY));
        for (int skipped : new int[] {0, 1, 700, 1_900, ROWS - 1, ROWS, ROWS + 5}) {
            try (RecordReader reader = open(file)) {
                reader.skip(skipped);
                assertThat(reader.next()).isEqualTo(skipped < ROWS ? expected(skipped) : null);
            }
        }
    }

    @Test
    void readsNestedAndTypedColumns() throws IOException {
        MessageType type = MessageTypeParser.parseMessageType("""
                message row {
                  optional group doc { optional binary body (STRING); }
                  optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
                  repeated int32 old;
                  optional group extra (MAP) { repeated group key_value { required binary key (STRING); optional double value; } }
                  optional int32 day (DATE);
                  optional int64 at (TIMESTAMP(MICROS,false));
                  optional int96 older;
                  optional int32 price (DECIMAL(9,2));
                  optional boolean good;
                  optional float share;
                  optional binary plain;
                  optional binary image;
                }
                """);
        Path file =
                SampleParquet.write(folder.resolve("a.parquet"), Manner.of(CompressionCodecName.ZSTD), type, 1, i -> {
                    SimpleGroup row = new SimpleGroup(type);
                    row.addGroup("doc").add("body", "the text");
                    Group tags = row.addGroup("tags");
                    tags.addGroup("list").add("element", "a");
                    tags.addGroup("list");
                    row.add("old", 1);
                    row.add("old", 2);
                    Group entry = row.addGroup("extra").addGroup("key_value");
                    entry.add("key", "k");
                    entry.add("value", 1.5);
                    row.add("day", 19_000);
                    row.add("at", 1_700_000_000_000_001L);
                    row.add("older", new NanoTime(2_440_589, 1_000_000_000L));
                    row.add("price", 1234);
                    row.add("good", true);
                    row.add("share", 0.5f);
                    row.add("plain", Binary.fromString("written without a type"));
                    row.add("image", Binary.fromConstantByteArray(new byte[] {(byte) 0xff, (byte) 0xd8}));
                    return row;
                });
        Candidate row = (Candidate) read(file, "ingest.field.text=/doc/body", "ingest.field.date=/day")
                .get(0);

        assertThat(row.text()).isEqualTo("the text");
        assertThat(row.date()).isEqualTo("2022-01-08");
        assertThat(row.metadata())
                .containsOnly(
                        Map.entry("doc", "{\"body\":\"the text\"}"),
                        Map.entry("tags", "[\"a\",null]"),
                        Map.entry("old", "[1,2]"),
                        Map.entry("extra", "{\"k\":1.5}"),
                        Map.entry("at", "2023-11-14T22:13:20.000001"),
                        Map.entry("older", "1970-01-02T00:00:01Z"),
                        Map.entry("price", "12.34"),
                        Map.entry("good", "true"),
                        Map.entry("share", "0.5"),
                        Map.entry("plain", "written without a type"));
    }

    @Test
    void refusesBadRowsOneByOne() throws IOException {
        MessageType type = MessageTypeParser.parseMessageType("message row { optional binary text (STRING); }");
        Path file =
                SampleParquet.write(folder.resolve("a.parquet"), Manner.of(CompressionCodecName.SNAPPY), type, 4, i -> {
                    SimpleGroup row = new SimpleGroup(type);
                    switch (i) {
                        case 0 -> row.add("text", Binary.fromConstantByteArray(new byte[] {'a', (byte) 0xff}));
                        case 1 -> row.add("text", "y".repeat(3_000));
                        case 2 -> {}
                        default -> row.add("text", "good");
                    }
                    return row;
                });
        List<SourceRecord> records = read(file, "ingest.record.max.bytes=2048");

        assertThat(records.subList(0, 3))
                .extracting(record -> ((Unusable) record).reason())
                .containsExactly(Rejection.BAD_ENCODING, Rejection.OVER_RECORD_LIMIT, Rejection.NO_TEXT);
        assertThat(((Candidate) records.get(3)).text()).isEqualTo("good");
    }

    /** The file has columns without annotation: a text in Latin-1, and a content that is valid. */
    @Test
    void usesNoOtherColumnInPlaceOfATextThatIsNotUtf8() throws IOException {
        List<SourceRecord> records = read(SampleFiles.fault("binary-text-not-utf8.parquet"));
        assertThat(records)
                .extracting(record -> record instanceof Unusable unusable ? unusable.reason() : record)
                .containsOnly(Rejection.BAD_ENCODING);
    }

    @Test
    void boundsThePagesThatAreHeld() {
        Path file = pile(new Manner(CompressionCodecName.SNAPPY, WriterVersion.PARQUET_1_0, false, 1 << 20, 64 << 10));
        assertThatThrownBy(() -> read(file, "ingest.record.max.bytes=2048"))
                .isInstanceOfSatisfying(
                        SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(Rejection.EXPANDS_TOO_MUCH))
                .hasMessageContaining("ingest.record.max.bytes");
    }

    @Test
    void countsCompressedPagesOnlyWhileTheyAreHeld() throws IOException {
        MessageType type = MessageTypeParser.parseMessageType(
                "message row { required binary text (STRING); required binary b; required binary c; required binary d; }");
        Random random = new Random(5);
        for (CompressionCodecName codec : SampleParquet.codecs()) {
            Manner manner = new Manner(codec, WriterVersion.PARQUET_1_0, false, 1 << 20, 64 << 10);
            Path file = SampleParquet.write(folder.resolve("a.parquet"), manner, type, 600, i -> {
                SimpleGroup row = new SimpleGroup(type);
                for (int column = 0; column < 4; column++) {
                    byte[] digits = new byte[500];
                    random.nextBytes(digits);
                    row.add(column, HexFormat.of().formatHex(digits));
                }
                return row;
            });
            assertThat(read(file, "ingest.record.max.bytes=95000"))
                    .as("%s", codec)
                    .hasSize(600);
        }
    }

    @Test
    void boundsWhatADictionaryExpandsTo() throws IOException {
        MessageType type = MessageTypeParser.parseMessageType("message row { required binary text (STRING); }");
        String text = "z".repeat(500_000);
        Path file = SampleParquet.write(
                folder.resolve("a.parquet"),
                new Manner(CompressionCodecName.GZIP, WriterVersion.PARQUET_1_0, true, 1 << 20, 1 << 20),
                type,
                1_000,
                i -> {
                    SimpleGroup row = new SimpleGroup(type);
                    row.add("text", text);
                    return row;
                });
        assertThat(Files.size(file)).isLessThan(10_000);
        for (String[] bounds : new String[][] {
            {"ingest.file.max.ratio=200"}, {"ingest.file.max.bytes=17000000", "ingest.file.max.ratio=1000000"}
        }) {
            int read = 0;
            try (RecordReader reader = open(file, bounds)) {
                while (reader.next() != null) {
                    read++;
                }
            } catch (SourceFailure e) {
                assertThat(e.reason()).isEqualTo(Rejection.EXPANDS_TOO_MUCH);
                assertThat(e).hasMessageContaining(bounds[0].substring(0, bounds[0].indexOf('=')));
            }
            assertThat(read).isBetween(30, 40);
        }
        try (RecordReader reader = open(file)) {
            assertThatThrownBy(() -> reader.skip(900)).isInstanceOf(SourceFailure.class);
        }
    }

    @Test
    void readsUnsignedNumbersAndNoDecimalsOfKilobytes() throws IOException {
        MessageType type = MessageTypeParser.parseMessageType("""
                message row {
                  required binary text (STRING);
                  required int64 large (INTEGER(64,false));
                  required int32 small (INTEGER(32,false));
                  required int32 signed (INTEGER(32,true));
                  required binary price (DECIMAL(9,2));
                  required binary endless (DECIMAL(9,2));
                }
                """);
        Path file =
                SampleParquet.write(folder.resolve("a.parquet"), Manner.of(CompressionCodecName.ZSTD), type, 1, i -> {
                    SimpleGroup row = new SimpleGroup(type);
                    row.add("text", "text");
                    row.add("large", -1L);
                    row.add("small", -1);
                    row.add("signed", -1);
                    row.add("price", Binary.fromConstantByteArray(new byte[] {4, -46}));
                    row.add("endless", Binary.fromConstantByteArray(new byte[1 << 10]));
                    return row;
                });
        assertThat(((Candidate) read(file).get(0)).metadata())
                .containsOnly(
                        Map.entry("large", "18446744073709551615"),
                        Map.entry("small", "4294967295"),
                        Map.entry("signed", "-1"),
                        Map.entry("price", "12.34"));
    }

    @Test
    void readsATableWithoutRows() throws IOException {
        Path file = SampleParquet.write(
                folder.resolve("a.parquet"),
                Manner.of(CompressionCodecName.SNAPPY),
                SampleParquet.PILE,
                0,
                SampleParquet::pile);
        assertThat(read(file)).isEmpty();
    }

    @Test
    void refusesTruncatedFiles() throws IOException {
        byte[] whole = Files.readAllBytes(pile(Manner.of(CompressionCodecName.SNAPPY)));
        for (int length : new int[] {4, 11, 12, 100, whole.length / 2, whole.length - 4, whole.length - 1}) {
            assertRefused(Arrays.copyOf(whole, length), Rejection.BROKEN_OFF);
        }
        byte[] longer = whole.clone();
        ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN).putInt(longer.length - 8, Integer.MAX_VALUE);
        assertRefused(longer, Rejection.BROKEN_OFF);
        assertRefused(SampleFiles.bytes("PARE and more bytes, PARE"), Rejection.UNSUPPORTED);
        assertRefused(SampleFiles.bytes("some text"), Rejection.NOT_AS_NAMED);
    }

    @Test
    void keepsRowsBeforeADamage() throws IOException {
        MessageType type = MessageTypeParser.parseMessageType("message row { required binary text (STRING); }");
        byte[] whole = Files.readAllBytes(SampleParquet.write(
                folder.resolve("a.parquet"), Manner.of(CompressionCodecName.GZIP), type, ROWS, i -> {
                    SimpleGroup row = new SimpleGroup(type);
                    row.add("text", "text number " + i);
                    return row;
                }));
        Arrays.fill(whole, whole.length / 2, whole.length / 2 + 200, (byte) 0x55);
        int read = 0;
        try (RecordReader reader = open(SampleFiles.write(folder.resolve("b.parquet"), whole))) {
            while (true) {
                assertThat(((Candidate) reader.next()).text()).isEqualTo("text number " + read);
                read++;
            }
        } catch (SourceFailure e) {
            assertThat(e.reason()).isEqualTo(Rejection.BROKEN_OFF);
        }
        assertThat(read).isBetween(1_000, ROWS - 1);
    }

    @Test
    void failsWithTheSameExceptionsWhateverIsDamaged() throws IOException {
        Random random = new Random(3);
        for (WriterVersion version : WriterVersion.values()) {
            for (boolean dictionary : new boolean[] {false, true}) {
                damage(
                        random,
                        Files.readAllBytes(pile(new Manner(
                                CompressionCodecName.UNCOMPRESSED, version, dictionary, 32 << 10, 2 << 10))));
            }
        }
    }

    private void damage(Random random, byte[] whole) throws IOException {
        for (int round = 0; round < 100; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                // Half of the damage is to the footer.
                int at = random.nextBoolean()
                        ? random.nextInt(damaged.length)
                        : damaged.length - 1 - random.nextInt(damaged.length / 10);
                damaged[at] = (byte) random.nextInt();
            }
            Path file = SampleFiles.write(folder.resolve("b.parquet"), damaged);
            try {
                assertThat(read(file)).hasSizeLessThanOrEqualTo(100 * ROWS);
            } catch (SourceFailure e) {
                assertThat(e.reason().ofFile()).isTrue();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("");
            }
        }
    }

    private void assertRefused(byte[] content, Rejection reason) {
        Path file = SampleFiles.write(folder.resolve("b.parquet"), content);
        assertThatThrownBy(() -> read(file))
                .as("%d bytes", content.length)
                .isInstanceOfSatisfying(
                        SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private Path pile(Manner manner) {
        return SampleParquet.write(
                folder.resolve("pile.parquet"), manner, SampleParquet.PILE, ROWS, SampleParquet::pile);
    }

    private static Candidate expected(int i) {
        boolean all = i % 7 != 0;
        String domain = i % 2 == 0 ? "Books3" : "ArXiv";
        return new Candidate(
                "text number " + i + " " + "x".repeat(i % 50),
                all ? domain : null,
                null,
                all ? "id-" + i : null,
                all ? "http://example.org/" + i : null,
                all ? java.time.Instant.ofEpochMilli(1_700_000_000_000L + i).toString() : null,
                all
                        ? Map.of(
                                "meta",
                                "{\"pile_set_name\":\"" + domain + "\",\"url\":\"http://example.org/" + i + "\"}",
                                "tokens",
                                String.valueOf(i))
                        : Map.of());
    }

    private static RecordReader open(Path file, String... assignments) throws IOException {
        return SampleOpener.with(assignments).open(LocalFile.of(file), bytes -> {});
    }

    private static List<SourceRecord> read(Path file, String... assignments) throws IOException {
        List<SourceRecord> records = new ArrayList<>();
        try (RecordReader reader = open(file, assignments)) {
            for (SourceRecord record = reader.next(); record != null; record = reader.next()) {
                records.add(record);
            }
        }
        return records;
    }
}

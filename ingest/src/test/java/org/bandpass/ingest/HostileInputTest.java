package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.bandpass.sources.SampleCrawl;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.SampleParquet;
import org.bandpass.sources.SampleParquet.Manner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hostile files, read by a separate process with 512 MiB of memory. */
@Tag("slow")
class HostileInputTest {

    private static final long TWO_GIB = 2L << 30;
    private static final long QUARTER_GIB = 1L << 28;

    @TempDir
    private Path folder;

    @Test
    @Timeout(600)
    void endsInRefusalsWithinHalfAGibibyte() throws Exception {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put(oneLine("line.jsonl", "{\"text\":\"", TWO_GIB), "{over-record-limit=1}");
        expected.put(oneLine("text.txt", "text", TWO_GIB), "{over-record-limit=1}");
        expected.put(oneLine("page.warc", record(QUARTER_GIB, ""), QUARTER_GIB), "{over-record-limit=1}");
        expected.put(oneLine("claim.warc", record(Long.MAX_VALUE, "<p>"), QUARTER_GIB), "{over-record-limit=1}");
        expected.put(zeros("bomb.jsonl.gz"), "{expands-too-much=1, no-text=1}");
        Path text = Files.createLink(folder.toRealPath().resolve("bomb.txt.gz"), folder.resolve("bomb.jsonl.gz"));
        expected.put(text.toString(), "{expands-too-much=1}");
        expected.put(write("deep.jsonl", "{\"text\":" + "[".repeat(10_000_000)), "{too-deep=1}");
        expected.put(write("empty.jsonl", "{}\n" + "\n".repeat(100_000)), "{empty-line=100000, no-text=1}");
        expected.put(
                write("exa.warc", record(8_000_000_000_000_000_000L, "<p>x") + "\r\n\r\n" + record(8, "<p>z</p>")),
                "{over-record-limit=1}");
        expected.put(write("header.warc", header(10_000_000)), "{malformed=1}");
        expected.put(page("deep.warc", "<div>".repeat(190_000) + "y"), "{}");
        expected.put(row("row.parquet"), "{over-record-limit=1}");
        expected.put(pages("pages.parquet"), "{}");
        expected.put(footer("list.parquet", "150219fcffffff1c"), "{broken-off=1}");
        expected.put(
                footer("chunks.parquet", "1502191c4800001600191c19fc80897a" + "260000".repeat(2_000_000)),
                "{broken-off=1}");
        expected.put(page("tags.warc", "<p>".repeat(300_000)), "{over-record-limit=1}");
        expected.put(page("formats.warc", formats()), "{no-text=1}");
        expected.put(page("attributes.warc", "<p " + attributes() + ">x"), "{}");
        expected.put(page("open.warc", "<p>" + "&amp".repeat(3_000_000)), "{}");
        expected.put(page("comment.warc", "<!--" + "-<!".repeat(150_000)), "{no-text=1}");
        expected.put(jar("lines-sources.jar", "\n".repeat(2 << 20)), "{}");
        expected.put(jar("comments-sources.jar", "/**/\n\n".repeat(1 << 18)), "{}");
        expected.put(jar("blanks-sources.jar", "/*" + " ".repeat(1 << 20) + "<p ".repeat(1 << 18) + "*/"), "{}");
        expected.put(jar("inline-sources.jar", "/*{@a" + " ".repeat(1 << 20) + "*/ inline"), "{}");
        expected.put(jar("bomb-sources.jar", "x".repeat(24 << 20)), "{expands-too-much=1}");
        expected.put(page("type.warc", "charset" + " ".repeat(200_000), "typed"), "{}");
        expected.put(page("blank.warc", "<pre>" + " \n".repeat(1 << 20) + "</pre>blank"), "{}");
        expected.put(page("spans.warc", "<span>".repeat(60_000) + "</i>".repeat(60_000) + "spans"), "{}");
        expected.put(page("table.warc", "<table>" + "x<td>".repeat(60_000)), "{}");
        expected.put(write("array.json", "[" + "[".repeat(10_000_000)), "{not-as-named=1}");
        expected.put(write("deep.json", "[{\"text\":" + "[".repeat(10_000_000)), "{broken-off=1}");

        Map<String, Map<String, Integer>> refused = new TreeMap<>();
        for (JsonNode line : dryRun(new ArrayList<>(expected.keySet()))) {
            if (line.has("refused")) {
                refused.computeIfAbsent(line.path("file").asText(), file -> new TreeMap<>())
                        .merge(line.path("refused").asText(), 1, Integer::sum);
            }
        }
        expected.forEach((file, refusals) ->
                assertThat(refused.getOrDefault(file, Map.of())).as(file).hasToString(refusals));
    }

    /** Nested marks that a browser opens again in every paragraph. */
    private static String formats() {
        StringBuilder page = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            page.append("<b a=").append(i).append('>');
        }
        return page.append("<p>".repeat(190_000)).toString();
    }

    private static String header(int lines) {
        String http = "HTTP/1.1 200 OK\n" + "a\n".repeat(lines);
        return "WARC/1.0\nWARC-Type: response\nContent-Length: " + http.length() + "\n\n" + http;
    }

    private static String attributes() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 1_000_000; i++) {
            all.append(" a").append(i);
        }
        return all.toString();
    }

    /** A row of three million equal numbers, which take no space in the file. */
    private String row(String name) throws IOException {
        MessageType type = MessageTypeParser.parseMessageType("message row { repeated int32 x; }");
        Path file = folder.toRealPath().resolve(name);
        SampleParquet.write(file, Manner.of(CompressionCodecName.SNAPPY), type, 1, i -> {
            SimpleGroup row = new SimpleGroup(type);
            for (int x = 0; x < 3_000_000; x++) {
                row.add("x", 7);
            }
            return row;
        });
        assertThat(Files.size(file)).isLessThan(1 << 20);
        return file.toString();
    }

    /** Two pages of 100 MB, as DuckDB writes them; snappy halves each. */
    private String pages(String name) throws IOException {
        MessageType type = MessageTypeParser.parseMessageType("message row { required binary text (STRING); }");
        byte[] letters = new byte[4 << 20];
        Random random = new Random(5);
        for (int i = 0; i < letters.length; i++) {
            letters[i] = (byte) ('a' + random.nextInt(26));
        }
        Path file = folder.toRealPath().resolve(name);
        Manner manner =
                new Manner(CompressionCodecName.SNAPPY, WriterVersion.PARQUET_1_0, false, QUARTER_GIB, 100_000_000);
        SampleParquet.write(file, manner, type, 600, i -> {
            byte[] text = new byte[300_000];
            for (int at = 0; at < text.length; at += 2_000) {
                int from = random.nextInt(letters.length - 1_000);
                System.arraycopy(letters, from, text, at, 1_000);
                System.arraycopy(letters, from, text, at + 1_000, 1_000);
            }
            SimpleGroup row = new SimpleGroup(type);
            row.add("text", Binary.fromConstantByteArray(text));
            return row;
        });
        assertThat(Files.size(file)).isGreaterThan(80_000_000);
        return file.toString();
    }

    /** Only the description of a table, in hex: a few bytes that claim a large table. */
    private String footer(String name, String description) throws IOException {
        byte[] content = HexFormat.of().parseHex(description);
        ByteBuffer file = ByteBuffer.allocate(content.length + 12).order(ByteOrder.LITTLE_ENDIAN);
        file.put(SampleFiles.bytes("PAR1")).put(content).putInt(content.length).put(SampleFiles.bytes("PAR1"));
        return Files.write(folder.toRealPath().resolve(name), file.array()).toString();
    }

    private String jar(String name, String source) throws IOException {
        return SampleFiles.write(
                        folder.toRealPath().resolve(name),
                        SampleFiles.zip(Map.of("a/A.java", SampleFiles.bytes(source))))
                .toString();
    }

    private static String record(long length, String body) {
        return record(length, "", body);
    }

    private static String record(long length, String parameters, String body) {
        String http = "HTTP/1.1 200 OK\r\nContent-Type: text/html" + parameters + "\r\n\r\n";
        return "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: "
                + (length == Long.MAX_VALUE ? length : length + http.length()) + "\r\n\r\n" + http + body;
    }

    private String page(String name, String html) throws IOException {
        return write(name, record(html.length(), html) + "\r\n\r\n");
    }

    private String page(String name, String parameters, String html) throws IOException {
        return write(name, record(html.length(), " " + parameters + "x", html) + "\r\n\r\n");
    }

    private String write(String name, String content) throws IOException {
        return Files.writeString(folder.toRealPath().resolve(name), content).toString();
    }

    /** A large file that takes no space, as holes read as zeros. */
    private String oneLine(String name, String begin, long zeros) throws IOException {
        Path file = folder.toRealPath().resolve(name);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(begin.getBytes(StandardCharsets.ISO_8859_1));
            out.setLength(begin.length() + zeros);
        }
        return file.toString();
    }

    /** A gibibyte of zeros after what may be the start of a record, in a megabyte: one member, a thousand times. */
    private String zeros(String name) throws IOException {
        Path file = folder.toRealPath().resolve(name);
        byte[] member = SampleCrawl.gzip(new byte[1 << 20]);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(SampleFiles.gzip("{\"text\":1}\n"));
            for (int i = 0; i < 1 << 10; i++) {
                out.write(member);
            }
        }
        return file.toString();
    }

    private List<JsonNode> dryRun(List<String> files) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--dry-run", "--json"));
        arguments.addAll(files);
        List<String> options = List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError");
        Path out = folder.resolve("out");
        Path talk = folder.resolve("talk");
        int code;
        try (Children children = new Children()) {
            code = children.start(options, out.toFile(), talk.toFile(), arguments)
                    .waitFor();
        }
        assertThat(code).as(Files.readString(talk)).isEqualTo(1);
        List<JsonNode> lines = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        for (String line : Files.readAllLines(out)) {
            lines.add(json.readTree(line));
        }
        return lines;
    }
}

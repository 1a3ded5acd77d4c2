package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleCrawl.joined;
import static org.bandpass.sources.SampleFiles.bytes;
import static org.bandpass.sources.SampleFiles.line;
import static org.bandpass.sources.SampleFiles.write;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON files in other layouts than one object per line. */
class JsonFilesTest {

    private static final String PRETTY = "{\n  \"text\": \"%s\",\n  \"meta\": {\n    \"x\": [1, {}]\n  }\n}";

    @TempDir
    private Path folder;

    @Test
    void readsAPrettyPrintedObject() {
        CommandRun run = dry(SampleFiles.fault("pretty-printed.json"));
        assertThat(run.code()).isZero();
        assertThat(summary(run)).isEqualTo("{\"files\":1,\"documents\":1,\"refused\":{},\"passedOver\":{}}");
    }

    @Test
    void refusesObjectsWithCommasBetweenThemOnce() {
        CommandRun run = dry(SampleFiles.fault("lines-with-commas.json"));
        assertThat(run.code()).isEqualTo(1);
        assertThat(summary(run))
                .isEqualTo("{\"files\":1,\"documents\":0,\"refused\":{\"not-as-named\":1},\"passedOver\":{}}");
        assertThat(run.lines().get(0).path("detail").asText()).contains("put [ before the first");
        for (String content : List.of(
                pretty("a") + ",\n" + pretty("b"),
                line("a") + "," + line("b"),
                line("a") + "\n,\n" + line("b") + ",\n")) {
            assertThat(dry(write(folder.resolve("a.json"), content)).code())
                    .as(content)
                    .isEqualTo(1);
        }
    }

    @Test
    void readsTheElementsOfAnArray() throws IOException {
        String odd = "{\"text\":\"} ] , { \\\" \\\\\",\"meta\":{\"x\":[1,{\"y\":\"}\"},[]]}}";
        for (String content : List.of(
                "[" + line("a") + "," + odd + "," + line("c") + "]",
                " [\n" + line("a") + ",\r\n\t" + odd + "\n,\n" + line("c") + "\n]\n\n",
                "\ufeff[" + line("a") + "," + odd + "," + line("c") + ",]",
                "[" + line("a") + ",\n" + odd + ",\n\n" + line("c") + ",\n ] ")) {
            for (Path file : List.of(
                    write(folder.resolve("a.json"), content),
                    write(folder.resolve("b.jsonl.gz"), SampleFiles.gzip(content)),
                    write(folder.resolve("c.json.zst"), SampleFiles.zstd(content)))) {
                assertThat(words(file, 0)).as(content).containsExactly("a", "} ] , { \" \\", "c");
                assertThat(words(file, 2)).containsExactly("c");
            }
        }
        for (String empty : List.of("[]", "\ufeff [\n]\n", "[ ]")) {
            CommandRun run = dry(write(folder.resolve("empty.json"), empty));
            assertThat(run.code()).isZero();
            assertThat(run.lines()).hasSize(1);
        }
    }

    @Test
    void streamsLongArraysByIndex() {
        StringBuilder array = new StringBuilder("[");
        IntStream.range(0, 20_000).forEach(i -> array.append(i == 0 ? "" : ", ").append(pretty("words " + i)));
        CommandRun run = dry(write(folder.resolve("a.json"), array.append("]\n").toString()));
        assertThat(run.code()).isZero();
        List<JsonNode> lines = run.lines();
        assertThat(lines).hasSize(20_001);
        assertThat(IntStream.range(0, 20_000))
                .allMatch(i -> lines.get(i).path("position").asInt() == i);
    }

    @Test
    void losesOneElementToEachFault() throws IOException {
        String array = "[" + line("a") + ",17,null,\"text\",[" + line("x") + "]," + line("x".repeat(5_000))
                + ",{\"text\":\"b\"," + "\"x\":" + "[".repeat(200) + "]".repeat(200)
                + "},{\"text\":\"b\",},{\"meta\":NaN},"
                + line("c") + "]";
        byte[] latin = "[{\"text\":\"caf\u00e9\"},".getBytes(StandardCharsets.ISO_8859_1);
        Path file = write(folder.resolve("a.json"), array);
        assertThat(words(file, 0, "ingest.record.max.bytes=2048"))
                .containsExactly(
                        "a",
                        "MALFORMED",
                        "MALFORMED",
                        "MALFORMED",
                        "MALFORMED",
                        "OVER_RECORD_LIMIT",
                        "TOO_DEEP",
                        "MALFORMED",
                        "NO_TEXT",
                        "c");
        assertThat(words(write(folder.resolve("b.json"), joined(latin, bytes(line("d") + "]"))), 0))
                .containsExactly("BAD_ENCODING", "d");
        byte[] pretty = String.format(PRETTY, "caf\u00e9").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(words(write(folder.resolve("c.json"), joined(pretty, bytes(pretty("d")))), 0))
                .containsExactly("BAD_ENCODING", "d");
    }

    @Test
    void readsObjectsInARow() throws IOException {
        for (String content : List.of(
                pretty("a") + "\n" + pretty("b") + "\n",
                pretty("a") + pretty("b"),
                "\ufeff" + pretty("a") + "\r\n\r\n\ufeff" + pretty("b"),
                pretty("a") + "\n" + line("b"),
                line("a") + " " + line("b") + "\n",
                line("a") + line("b"))) {
            Path file = write(folder.resolve("a.json"), content);
            assertThat(words(file, 0)).as(content).containsExactly("a", "b");
            assertThat(words(file, 1)).as(content).containsExactly("b");
        }
        String large = "{\n\"text\": \"" + "x".repeat(100_000) + "\"\n}\n" + pretty("b");
        assertThat(words(write(folder.resolve("b.json"), large), 0)).hasSize(2).endsWith("b");
    }

    @Test
    void takesFilesWithBrokenLinesForLines() throws IOException {
        String good = line("b") + "\n" + line("c") + "\n";
        for (String first : List.of(
                "{\"text\":\"cut",
                "{\"text\":\"a\",",
                "{\"text\":\"a\"},",
                "{\"text\":\"a\"} {\"text\":\"a\"}",
                "{\"text\":\"a\"}]",
                "{\"text\":\"a\",\"meta\":",
                "a header",
                "[\"text\"]")) {
            assertThat(words(write(folder.resolve("a.jsonl"), first + "\n" + good), 0))
                    .as(first)
                    .containsExactly("MALFORMED", "b", "c");
        }
    }

    @Test
    void saysOnceThatAFileIsOfAnotherShapeOrBreaksOff() {
        for (String other : List.of("[\"a\",\n\"b\"]", "[1, 2]", "[[\n" + line("a") + "]]", "\"text\"", "17")) {
            assertThat(refused(other)).as(other).isEqualTo("{\"not-as-named\":1}");
        }
        String array = "[" + line("a") + "," + line("b");
        for (String broken : List.of(
                array,
                array + ",",
                array + ",{\"text\":",
                array + "]" + line("c"),
                array + "]\n[" + line("c") + "]",
                array + ",," + line("c") + "]",
                array + line("c") + "]",
                pretty("a") + pretty("b") + "{\n\"text\":",
                pretty("a") + pretty("b") + "]")) {
            CommandRun run = dry(write(folder.resolve("a.json"), broken));
            assertThat(run.code()).as(broken).isEqualTo(1);
            assertThat(summary(run))
                    .as(broken)
                    .isEqualTo("{\"files\":1,\"documents\":2,\"refused\":{\"broken-off\":1},\"passedOver\":{}}");
        }
    }

    private String refused(String content) {
        CommandRun run = dry(write(folder.resolve("a.json"), content));
        assertThat(run.code()).isEqualTo(1);
        return run.lines()
                .get(run.lines().size() - 1)
                .path("summary")
                .path("refused")
                .toString();
    }

    private static List<String> words(Path file, long skipped, String... assignments) throws IOException {
        List<String> words = new ArrayList<>();
        try (RecordReader reader =
                IngestSettingsTest.parse(assignments).opener().open(LocalFile.of(file), bytes -> {})) {
            reader.skip(skipped);
            for (SourceRecord record = reader.next(); record != null; record = reader.next()) {
                words.add(record instanceof Candidate candidate ? candidate.text() : reason((Unusable) record));
            }
        }
        return words;
    }

    private static String reason(Unusable record) {
        return record.reason().name();
    }

    private static String pretty(String text) {
        return String.format(PRETTY, text);
    }

    private static CommandRun dry(Path file) {
        return CommandRun.by(List.of("--dry-run", "--json", file.toString()));
    }

    private static String summary(CommandRun run) {
        return run.lines().get(run.lines().size() - 1).path("summary").toString();
    }
}

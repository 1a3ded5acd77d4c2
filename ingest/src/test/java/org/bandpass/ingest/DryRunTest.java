package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleCrawl.joined;
import static org.bandpass.sources.SampleFiles.line;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bandpass.schemas.DocumentId;
import org.bandpass.sources.SampleCrawl;
import org.bandpass.sources.SampleFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Admitted and refused records of files of all kinds, through the command. */
class DryRunTest {

    @TempDir
    private Path folder;

    @Test
    void readsStandardInputAsJsonLinesOrWhatTheFormatSays() {
        assertThat(summary(piped(SampleFiles.bytes(lines("a", 0, 3)), "--dry-run", "--json", "-"))
                        .path("documents")
                        .asInt())
                .isEqualTo(3);
        CommandRun packed = piped(SampleFiles.gzip("one text"), "--dry-run", "--json", "--format", "txt.gz", "-");
        assertThat(summary(packed).path("documents").asInt()).isEqualTo(1);
        assertThat(packed.lines().get(0).path("file").asText()).isEqualTo("-");
        assertThat(piped(SampleFiles.bytes("a"), "--dry-run", "--format", "txt", "a.txt")
                        .code())
                .isEqualTo(2);
        assertThat(piped(SampleFiles.bytes("a"), "--dry-run", "--format", "docx", "-")
                        .code())
                .isEqualTo(2);
    }

    private static CommandRun piped(byte[] input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input));
        try {
            return CommandRun.by(List.of(arguments));
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void takesTheWorkingDirectoryForNoPattern() throws Exception {
        Path odd = Files.createDirectories(folder.resolve("br[1] {x*"));
        write(odd.resolve("a.txt"), "one text");
        write(Files.createDirectories(odd.resolve("in")).resolve("b.txt"), "another text");
        Path log = folder.resolve("log");
        try (Children children = new Children()) {
            List<String> arguments = List.of("--dry-run", "*.txt", "./i*/**.txt", "../br[1]*/*.none");
            assertThat(children.startIn(odd, log, arguments.subList(0, 3)).waitFor())
                    .as(Files.readString(log))
                    .isZero();
            assertThat(Files.readString(log)).contains("2 files, 2 documents");
            assertThat(children.startIn(odd, log, arguments).waitFor()).isNotZero();
            assertThat(Files.readString(log)).contains("../br[1]*/*.none: no file matches");
        }
    }

    @Test
    void readsEveryPacking() {
        String both = lines("t", 0, 3);
        List<Path> files = List.of(
                write(folder.resolve("1.jsonl"), both),
                write(folder.resolve("2.ndjson"), both.strip()),
                write(folder.resolve("3.json"), "\ufeff" + both.replace("\n", "\r\n")),
                write(folder.resolve("4.jsonl.gz"), SampleFiles.gzip(lines("t", 0, 1), "", lines("t", 1, 3))),
                write(folder.resolve("5.jsonl.zst"), SampleFiles.zstd(both)),
                write(folder.resolve("6.JSONL.GZIP"), SampleFiles.gzip(both)));
        for (Path file : files) {
            CommandRun run = dry(file);
            assertThat(run.code()).as(file + run.talk()).isZero();
            assertThat(run.lines()).hasSize(4);
            for (int i = 0; i < 3; i++) {
                assertThat(run.lines().get(i).toString())
                        .isEqualTo("{\"file\":\"" + file + "\",\"position\":" + i + ",\"id\":\""
                                + DocumentId.of("t " + i) + "\",\"domain\":\"unknown\",\"url\":null,\"bytes\":3}");
            }
            assertThat(summary(run).toString())
                    .isEqualTo("{\"files\":1,\"documents\":3,\"refused\":{},\"passedOver\":{}}");
        }
    }

    @Test
    void refusesBadRecordsOneByOne() {
        String deep = "{\"text\":\"t\",\"x\":" + "[".repeat(200) + "]".repeat(200) + "}";
        List<String> records = List.of(
                line("good"),
                "{\"text\": \"cut off",
                deep,
                "[\"text\"]",
                "{\"text\":\"two\"} {\"text\":\"objects\"}",
                "{\"nothing\":1}",
                "{\"text\":17}",
                "{\"text\":\"\\ud83d alone\"}",
                line("a\u0000\u0001\u0002b"),
                line(""),
                "   ",
                line("good"),
                line("\ud83d\ude00"));
        CommandRun run = dry(write(folder.resolve("a.jsonl"), String.join("\n", records) + "\n"));

        assertThat(run.code()).isZero();
        List<String> words = run.lines().stream()
                .limit(records.size())
                .map(node -> node.path("refused").asText("admitted"))
                .toList();
        assertThat(words)
                .containsExactly(
                        "admitted",
                        "malformed",
                        "too-deep",
                        "malformed",
                        "malformed",
                        "no-text",
                        "no-text",
                        "bad-encoding",
                        "not-text",
                        "too-short",
                        "empty-line",
                        "duplicate",
                        "admitted");
        assertThat(run.lines().stream()
                        .limit(records.size())
                        .map(node -> node.path("position").asInt()))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(run.lines()).noneMatch(node -> node.path("detail").asText().contains("cut off"));
        assertThat(summary(run).path("refused").path("malformed").asInt()).isEqualTo(3);
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] latin = "{\"text\":\"caf\u00e9 au lait\"}\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] good = SampleFiles.bytes(lines("t", 0, 1));
        byte[] all = Arrays.copyOf(latin, latin.length + good.length);
        System.arraycopy(good, 0, all, latin.length, good.length);

        assertThat(outcomes(write(folder.resolve("a.jsonl"), all))).containsExactly("bad-encoding", "admitted");
        assertThat(outcomes(write(folder.resolve("a.txt"), latin))).containsExactly("bad-encoding");
    }

    /** Bytes that look like UTF-8 need not be UTF-8. */
    @Test
    void refusesFormsThatUtf8Forbids() {
        for (String bytes : List.of(
                "c0af", "c180", "e080af", "e09fbf", "eda0bdedb880", "edbfbf", "f08fbfbf", "f4908080", "f5808080")) {
            for (int before = 0; before < 9; before++) {
                byte[] line = joined(
                        SampleFiles.bytes("{\"text\":\"" + "x".repeat(before)),
                        HexFormat.of().parseHex(bytes),
                        SampleFiles.bytes("\"}\n" + line("good")));
                assertThat(outcomes(write(folder.resolve("a.jsonl"), line)))
                        .as("%s behind %d", bytes, before)
                        .containsExactly("bad-encoding", "admitted");
            }
        }
        String edges = "letters around them \u00a1 \u07ff \u0800 \u0fff \ud7fb \ue000 \ufffd \ud800\udc00 \udbff\udffd";
        assertThat(outcomes(write(folder.resolve("a.jsonl"), line(edges)))).containsExactly("admitted");
    }

    @Test
    void takesAMarkAtTheBeginningOfAnyLine() {
        String marked = "\ufeff" + line("one") + "\n\ufeff" + line("two") + "\n";
        assertThat(outcomes(write(folder.resolve("a.jsonl"), marked))).containsExactly("admitted", "admitted");
    }

    @Test
    void takesATextFileAsOneDocument() {
        for (byte[] content : List.of(
                SampleFiles.bytes("gr\u00fcn"),
                SampleFiles.bytes("\ufeffgr\u00fcn"),
                "\ufeffgr\u00fcn".getBytes(StandardCharsets.UTF_16LE),
                "\ufeffgr\u00fcn".getBytes(StandardCharsets.UTF_16BE))) {
            CommandRun run = dry(write(folder.resolve("a.txt"), content));
            assertThat(run.lines().get(0).path("id").asText()).isEqualTo(DocumentId.of("gr\u00fcn"));
        }
        assertThat(outcomes(write(folder.resolve("one.txt"), "x"))).containsExactly("admitted");
        assertThat(outcomes(write(folder.resolve("none.txt"), ""))).isEmpty();
        assertThat(outcomes(write(folder.resolve("b.md.gz"), SampleFiles.gzip("# title\n"))))
                .containsExactly("admitted");
    }

    @Test
    void takesAnEmptyFileForWhatItIs() {
        for (String name : List.of("a.jsonl", "a.jsonl.gz", "a.jsonl.zst")) {
            CommandRun run = dry(write(folder.resolve(name), ""));
            assertThat(run.code()).as(name).isZero();
            assertThat(run.lines()).hasSize(1);
            assertThat(summary(run).path("documents").asInt()).isZero();
        }
    }

    @Test
    void refusesTheRestOfAFileThatIsNotWhatItsNameSays() {
        byte[] gzip = SampleFiles.gzip(lines("t", 0, 5));
        Map<String, byte[]> lies = Map.of(
                "a.jsonl.gz", SampleFiles.bytes(lines("t", 0, 5)),
                "b.jsonl", gzip,
                "c.jsonl.zst", gzip,
                "d.jsonl.gz", SampleFiles.zstd(lines("t", 0, 5)),
                "e.jsonl", SampleFiles.bytes("a list\nof words\n"),
                "le.jsonl", lines("t", 0, 5).getBytes(StandardCharsets.UTF_16LE),
                "be.jsonl", lines("t", 0, 5).getBytes(StandardCharsets.UTF_16BE),
                "marked-le.jsonl", ("\ufeff" + lines("t", 0, 5)).getBytes(StandardCharsets.UTF_16LE),
                "marked-be.jsonl", ("\ufeff" + lines("t", 0, 5)).getBytes(StandardCharsets.UTF_16BE),
                "f-sources.jar", SampleFiles.bytes("no zip"));
        lies.forEach((name, content) -> {
            CommandRun run = dry(write(folder.resolve(name), content));
            assertThat(run.code()).as(name).isEqualTo(1);
            assertThat(run.lines().get(0).path("refused").asText()).as(name).isEqualTo("not-as-named");
            assertThat(summary(run).path("refused").path("not-as-named").asInt())
                    .isEqualTo(1);
        });
        assertThat(outcomes(write(folder.resolve("a.jsonl.bz2"), "BZh9"))).containsExactly("broken-off");
        assertThat(outcomes(write(folder.resolve("a.warc.gz"), gzip))).containsExactly("not-as-named");
        assertThat(outcomes(write(folder.resolve("a.parquet"), "PAR1"))).containsExactly("broken-off");
        assertThat(outcomes(write(folder.resolve("b.parquet"), "text"))).containsExactly("not-as-named");
        assertThat(outcomes(write(folder.resolve("a.parquet.gz"), gzip))).containsExactly("unsupported");
        assertThat(outcomes(write(folder.resolve("a.dat"), "?"))).containsExactly("unknown-format");
        assertThat(outcomes(write(folder.resolve("plain.jar"), "?"))).containsExactly("unknown-format");
    }

    @Test
    void keepsWhatStandsBeforeABreak() {
        String text = lines("some words to make it long enough", 0, 20_000);
        Map<String, byte[]> broken = Map.of(
                "a.jsonl.gz", cut(SampleFiles.gzip(text)),
                "b.jsonl.zst", cut(SampleFiles.zstd(text)),
                "small.jsonl.gz", cut(SampleFiles.gzip(lines("t", 0, 3), lines("t", 3, 100))),
                "sum.jsonl.gz", wrongSum(SampleFiles.gzip(lines("t", 0, 100))));
        broken.forEach((name, content) -> {
            CommandRun run = dry(write(folder.resolve(name), content));
            assertThat(run.code()).as(name).isEqualTo(1);
            int documents = summary(run).path("documents").asInt();
            assertThat(documents).as(name).isPositive();
            JsonNode last = run.lines().get(run.lines().size() - 2);
            assertThat(last.path("refused").asText()).as(name).isEqualTo("broken-off");
            assertThat(last.path("position").asInt()).isEqualTo(documents);
        });
    }

    @Test
    void boundsRecordsAndFiles() {
        Path longLine = write(folder.resolve("a.jsonl"), line("x".repeat(2_000)) + "\n" + line("short") + "\n");
        assertThat(outcomes(longLine, "ingest.record.max.bytes=1024")).containsExactly("over-record-limit", "admitted");
        assertThat(outcomes(longLine, "document.max.bytes=1024")).containsExactly("over-record-limit", "admitted");
        assertThat(outcomes(longLine, "ingest.max.characters=1999")).containsExactly("too-long", "admitted");
        assertThat(outcomes(longLine, "ingest.min.characters=6")).containsExactly("admitted", "too-short");
        assertThat(outcomes(write(folder.resolve("a.txt"), "x".repeat(2_000)), "ingest.record.max.bytes=1024"))
                .containsExactly("over-record-limit");
        assertThat(outcomes(longLine, "ingest.file.max.bytes=1000")).containsExactly("expands-too-much");

        // 20 MB; each line repeats the previous one.
        String same = line("a".repeat(10_000)) + "\n";
        Path bomb = write(folder.resolve("b.jsonl.gz"), SampleFiles.gzip(same.repeat(2_000)));
        CommandRun run = dry(bomb);
        assertThat(run.code()).isEqualTo(1);
        assertThat(summary(run).path("refused").path("expands-too-much").asInt())
                .isEqualTo(1);
        assertThat(summary(run).path("refused").path("duplicate").asInt()).isBetween(1_600, 1_900);
    }

    @Test
    void knowsRepeatsAcrossFilesWithinTheWindow() {
        Path first = write(folder.resolve("a.jsonl"), lines("t", 0, 10));
        Path second = write(folder.resolve("b.jsonl"), lines("t", 5, 12));
        List<String> arguments =
                new ArrayList<>(List.of("--dry-run", "--json", first.toString(), second.toString(), first.toString()));
        JsonNode all = summary(CommandRun.by(arguments));
        assertThat(all.path("files").asInt())
                .as("a file named twice is read once")
                .isEqualTo(2);
        assertThat(all.path("documents").asInt()).isEqualTo(12);
        assertThat(all.path("refused").path("duplicate").asInt()).isEqualTo(5);

        arguments.addAll(0, List.of("--set", "ingest.duplicates.window=0"));
        assertThat(summary(CommandRun.by(arguments)).path("documents").asInt()).isEqualTo(17);
    }

    @Test
    void findsFieldsWhereThePileDolmaAndC4HaveThem() {
        Path file = write(
                folder.resolve("a.jsonl"),
                line(Map.of("text", "pile", "meta", Map.of("pile_set_name", "Books3"))) + "\n"
                        + line(Map.of("text", "dolma", "id", "7", "source", "reddit", "metadata", Map.of("url", "u")))
                        + "\n" + line(Map.of("text", "c4", "url", "http://c4", "timestamp", "2019")) + "\n");
        List<JsonNode> lines = dry(file).lines();
        assertThat(lines.get(0).path("domain").asText()).isEqualTo("Books3");
        assertThat(lines.get(1).path("domain").asText()).isEqualTo("reddit");
        assertThat(lines.get(1).path("url").asText()).isEqualTo("u");
        assertThat(lines.get(2).path("url").asText()).isEqualTo("http://c4");
        assertThat(lines.get(2).path("domain").asText()).isEqualTo("unknown");

        Path ids = write(
                folder.resolve("c.jsonl"),
                line(Map.of("text", "an address", "id", "https://d/")) + "\n"
                        + line(Map.of("text", "none", "id", "7")));
        assertThat(dry(ids).lines().get(0).path("url").asText()).isEqualTo("https://d/");
        assertThat(dry(ids).lines().get(1).path("url").isNull()).isTrue();

        Path own = write(folder.resolve("b.jsonl"), line(Map.of("a", Map.of("b", "body"), "kind", "news")));
        JsonNode line = dry(own, "ingest.field.text=/x,/a/b", "ingest.field.domain=/kind")
                .lines()
                .get(0);
        assertThat(line.path("id").asText()).isEqualTo(DocumentId.of("body"));
        assertThat(line.path("domain").asText()).isEqualTo("news");
    }

    @Test
    void tellsPeopleInFewLines() {
        CommandRun run = CommandRun.by(List.of(
                "--dry-run",
                write(folder.resolve("a.jsonl"), lines("t", 0, 3) + "{broken\n\n")
                        .toString()));

        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        folder.resolve("a.jsonl") + " record 3: malformed, no JSON from column 2 on",
                        "1 files, 3 documents, 9 bytes of text",
                        "domains: unknown 3",
                        "refused: empty-line 1, malformed 1");
    }

    @Test
    void showsTheTextsThatWouldBeAdmitted() {
        String body = "<div>" + "The river rises in the hills above the old town, and floods in spring. ".repeat(8)
                + "</div><div class=comments>Well said</div>";
        Path crawl = write(
                folder.resolve("a.warc"),
                new SampleCrawl()
                        .response("http://a/", SampleCrawl.http("text/html", body, StandardCharsets.UTF_8))
                        .bytes());
        String text = "The river rises in the hills above the old town, and floods in spring. "
                .repeat(8)
                .strip();
        String file = crawl.toString();

        JsonNode shown = CommandRun.by(List.of("--dry-run", "--json", "--show-text", file))
                .lines()
                .get(0);
        assertThat(shown.path("text").asText()).isEqualTo(text);
        assertThat(shown.path("id").asText()).isEqualTo(DocumentId.of(text));
        assertThat(dry(crawl).lines().get(0).has("text")).isFalse();
        assertThat(CommandRun.by(List.of("--dry-run", "--show-text", file)).out())
                .startsWith(file + " record 0, http://a/:\n" + text + "\n\n1 files, 1 documents");
        for (List<String> wanted :
                List.of(List.of("--set", "ingest.page.comments=true"), List.of("--page-parts", "bylines,comments"))) {
            List<String> arguments = new ArrayList<>(List.of("--dry-run", "--json", "--show-text"));
            arguments.addAll(wanted);
            arguments.add(file);
            assertThat(CommandRun.by(arguments).lines().get(0).path("text").asText())
                    .isEqualTo(text + "\n\nWell said");
        }
    }

    @Test
    void showsTextsOnlyWhereItCan() {
        String file = write(folder.resolve("a.jsonl"), lines("t", 0, 1)).toString();
        assertThat(CommandRun.by(List.of("--show-text", file)).code()).isEqualTo(2);
        assertThat(CommandRun.by(List.of(
                                "--dry-run", "--show-text", "--unit", "sequence", "--tokenizer", "t.json", file))
                        .code())
                .isEqualTo(2);
        assertThat(CommandRun.by(List.of("--dry-run", "--page-parts", "titles", file))
                        .talk())
                .contains("no part of pages is called 'titles'");
    }

    @Test
    void readsTheSampleOfThePile() {
        Path sample = Path.of(System.getProperty("bandpass.root", ".."))
                .resolve("../shared/data/pile-like.jsonl.gz")
                .normalize();
        assumeTrue(Files.exists(sample));
        CommandRun run = dry(sample);

        assertThat(run.code()).isZero();
        assertThat(summary(run).path("documents").asInt()).isEqualTo(11_793);
        Set<String> domains = new HashSet<>();
        run.lines().stream()
                .limit(11_793)
                .forEach(line -> domains.add(line.path("domain").asText()));
        assertThat(domains).hasSize(15).contains("ArXiv").doesNotContain("unknown");
    }

    private static byte[] cut(byte[] content) {
        return Arrays.copyOf(content, content.length - 12);
    }

    private static byte[] wrongSum(byte[] gzip) {
        gzip[gzip.length - 8] ^= 1;
        return gzip;
    }

    private static List<String> outcomes(Path file, String... assignments) {
        List<JsonNode> lines = dry(file, assignments).lines();
        return lines.stream()
                .limit(lines.size() - 1)
                .map(node -> node.path("refused").asText("admitted"))
                .toList();
    }

    private static CommandRun dry(Path file, String... assignments) {
        List<String> arguments = new ArrayList<>(List.of("--dry-run", "--json"));
        for (String assignment : assignments) {
            arguments.addAll(List.of("--set", assignment));
        }
        arguments.add(file.toString());
        return CommandRun.by(arguments);
    }

    private static JsonNode summary(CommandRun run) {
        List<JsonNode> lines = run.lines();
        return lines.get(lines.size() - 1).path("summary");
    }
}

package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.bytes;
import static org.bandpass.sources.SampleFiles.write;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bandpass.schemas.DocumentId;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.code.CommentProse;
import org.bandpass.sources.code.SourceCode;
import org.bandpass.sources.code.TextPieces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Source code becomes documents of several domains. */
class SourcesJarTest {

    private static final String LICENCE = "/*\n * Licensed under the Some License.\n * See the file.\n */\n";
    private static final String CODE = "package a;\n\nclass A {\n    String s = \"/* no comment */\";\n"
            + "    char c = '\"'; // \" no string\n\n    int b() {\n        return 1 / 2; /* half */\n    }\n}\n";

    @TempDir
    private Path folder;

    @Test
    void becomesDocumentsByDomain() {
        Path jar = write(
                folder.resolve("a-1.0-sources.jar"),
                SampleFiles.zip(new TreeMap<>(Map.of(
                        "a/A.java", bytes(LICENCE + "/** Says <b>what</b> it {@code does}. */\n" + CODE),
                        "a/B.java", bytes(LICENCE + "package a;\n\nclass B {}\n"),
                        "a/m.properties", bytes("greeting=hello\n"),
                        "META-INF/LICENSE", bytes("The whole licence.\n"),
                        "a/package.html", bytes("<p>A &lt;package&gt;.</p>"),
                        "a/p.xml", bytes("<x/>\n"),
                        "a/i.png", new byte[] {1, 2, 3},
                        "a/bad.json", new byte[] {'"', (byte) 0xe9, '"'}))));

        List<JsonNode> lines = dry(jar).lines();

        assertThat(lines.stream()
                        .filter(line -> line.has("id"))
                        .collect(Collectors.toMap(
                                line -> line.path("id").asText(),
                                line -> line.path("domain").asText())))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        DocumentId.of("The whole licence."), "licences",
                        DocumentId.of("Licensed under the Some License.\nSee the file."), "licences",
                        DocumentId.of("package a;\n\n"
                                        + "class A {\n"
                                        + "    String s = \"/* no comment */\";\n"
                                        + "    char c = '\"';\n\n"
                                        + "    int b() {\n"
                                        + "        return 1 / 2;\n"
                                        + "    }\n"
                                        + "}"),
                                "java",
                        DocumentId.of("Says what it does.\n\nhalf"), "javadoc",
                        DocumentId.of("package a;\n\nclass B {}"), "java",
                        DocumentId.of("greeting=hello"), "messages",
                        DocumentId.of("A <package>."), "javadoc",
                        DocumentId.of("<x/>"), "configuration"));
        assertThat(lines.get(lines.size() - 1).toString())
                .isEqualTo("{\"summary\":{\"files\":1,\"documents\":8,\"refused\":{\"bad-encoding\":1,\"duplicate\":1},"
                        + "\"passedOver\":{\"binary\":1}}}");
        assertThat(lines.stream()
                        .limit(lines.size() - 1)
                        .map(line -> line.path("position").asInt()))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void boundsWhatAJarExpandsTo() {
        byte[] jar = SampleFiles.zip(Map.of("a.md", bytes("words ".repeat(4_000_000))));
        Path file = write(folder.resolve("bomb-1.0-sources.jar"), jar);
        assertThat(jar.length).isLessThan(24_000_000 / 200);
        assertThat(refused(dry(file))).isEqualTo("{\"expands-too-much\":1}");

        Path small = write(
                folder.resolve("small-1.0-sources.jar"),
                SampleFiles.zip(Map.of("a.md", bytes("x".repeat(600)), "b.md", bytes("y".repeat(600)))));
        CommandRun run =
                CommandRun.by(List.of("--dry-run", "--json", "--set", "ingest.file.max.bytes=1000", small.toString()));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.lines().get(run.lines().size() - 1).path("summary").toString())
                .isEqualTo("{\"files\":1,\"documents\":1,\"refused\":{\"expands-too-much\":1},\"passedOver\":{}}");
    }

    private static String refused(CommandRun run) {
        return run.lines()
                .get(run.lines().size() - 1)
                .path("summary")
                .path("refused")
                .toString();
    }

    /** Each took seconds to hours when runs were scanned again from each of their characters. */
    @Test
    @Timeout(60)
    void readsHostileCommentsOnce() {
        int size = 1 << 18;
        for (String text : List.of(
                "\n".repeat(size),
                "/**/".repeat(size / 4),
                "/**/\n\n".repeat(size / 6),
                "//x\n\n".repeat(size / 5),
                " ".repeat(size) + "x",
                "/*" + " ".repeat(size) + "x*/",
                "/*" + "<p ".repeat(size / 3) + "*/",
                "/*" + "<li ".repeat(size / 4) + "*/",
                "/*" + "<a".repeat(size / 2) + "*/",
                "/*{@a" + " ".repeat(size) + "*/",
                "/*" + "{@a ".repeat(size / 4) + "*/",
                "/*" + "\n ".repeat(size / 2) + "x*/",
                "/*" + "\n\n\f".repeat(size / 3) + "x*/",
                "/*".repeat(size / 2),
                "\"".repeat(size),
                "'\\".repeat(size / 2))) {
            for (boolean scala : new boolean[] {false, true}) {
                SourceCode code = SourceCode.read(text, scala);
                assertThat(TextPieces.ofCode(code.code()).size()).isLessThan(size);
                assertThat(TextPieces.ofProse(code.prose()).size()).isLessThan(size);
            }
        }
    }

    @Test
    void readsTagsOfCommentsAsBefore() {
        assertThat(CommentProse.ofComment(
                        "* One <p> <p> two<br/>\n * {@code  three } <b>four</b> <ul class=x> <li a>five"))
                .isEqualTo("One\n\ntwo\n\nthree  four\n- five");
    }

    @Test
    void cutsLongCodeWithoutLosingAnyOfIt() {
        StringBuilder code = new StringBuilder("class A {\n");
        for (int i = 0; i < 400; i++) {
            code.append("    int m")
                    .append(i)
                    .append("() {\n        return ")
                    .append(i)
                    .append(";\n    }\n");
            code.append(i % 7 == 0 ? "\n" : "");
        }
        code.append("}");
        List<String> pieces = TextPieces.ofCode(code.toString());

        assertThat(pieces).hasSizeGreaterThan(3);
        assertThat(pieces).allSatisfy(piece -> assertThat(piece.length()).isBetween(500, 8_100));
        assertThat(withoutBlankLines(String.join("\n", pieces))).isEqualTo(withoutBlankLines(code.toString()));
    }

    /** The libraries of the default corpus whose sources this machine has. */
    @Test
    void makesACorpusOfLibraries() throws IOException {
        Path repository = Path.of(System.getProperty("user.home"), ".m2", "repository");
        assumeTrue(Files.isDirectory(repository));
        List<String> jars;
        try (Stream<Path> walk = Files.walk(repository)) {
            jars = walk.map(Path::toString)
                    .filter(name -> name.matches(
                            ".*/(kafka_2.13|avro|picocli|jackson-core|micrometer-core)-[0-9.]+-sources\\.jar"))
                    .sorted()
                    .toList();
        }
        assumeTrue(jars.size() >= 5);

        List<JsonNode> lines = CommandRun.by(Stream.concat(Stream.of("--dry-run", "--json"), jars.stream())
                        .toList())
                .lines();

        List<JsonNode> documents = lines.stream().filter(line -> line.has("id")).toList();
        assertThat(documents).hasSizeGreaterThan(3_000);
        assertThat(documents.stream()
                        .mapToLong(line -> line.path("bytes").asLong())
                        .sum())
                .isGreaterThan(5_000_000);
        assertThat(documents.stream().map(line -> line.path("domain").asText()).distinct())
                .contains("java", "javadoc", "licences", "messages", "configuration");
        JsonNode summary = lines.get(lines.size() - 1).path("summary");
        assertThat(summary.path("refused").path("duplicate").asInt()).isGreaterThan(100);
        assertThat(summary.path("refused").size()).isEqualTo(1);
    }

    private static String withoutBlankLines(String text) {
        return text.replaceAll("\n+", "\n");
    }

    private static CommandRun dry(Path file) {
        return CommandRun.by(List.of("--dry-run", "--json", file.toString()));
    }
}

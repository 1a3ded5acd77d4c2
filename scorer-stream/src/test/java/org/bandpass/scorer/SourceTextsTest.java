package org.bandpass.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.bandpass.service.ProgramFailure;
import org.bandpass.sources.SourceOptions;
import org.bandpass.sources.record.SourceRecord.TokenIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The texts that perplexity and tokenize find in their input. */
class SourceTextsTest {

    @TempDir
    private Path folder;

    @Test
    void readsJsonInAnyLayout() throws IOException {
        for (String name : List.of("a.json", "a.JSONL", "a.ndjson")) {
            for (String content : List.of("[{\"text\":\"a\"}]", "[\n{\"text\":\"a\"}\n]", "\n{\"text\":\"a\"}\n")) {
                assertThat(read(write(name, content))).as(content).containsExactly("a");
            }
            assertThat(read(write(name, "words")))
                    .singleElement()
                    .asString()
                    .startsWith("refused: ")
                    .contains(name);
        }
    }

    @Test
    void readsAFileOfTextAsOneText() throws IOException {
        assertThat(read(write("a.txt", "[1] words\nmore words\n"))).containsExactly("[1] words\nmore words\n");
    }

    @Test
    void readsAFolderAndRefusesWhatCannotBeRead() throws IOException {
        write("a.jsonl", "{\"text\":\"a\"}\n\n{\"no\":\"text\"}\n{\"text\":\"b\"}\n");
        write("b.jsonl.gz", "no gzip");
        write("c.other", "left out");

        assertThat(read(folder))
                .containsExactly(
                        "a",
                        "refused: " + folder.resolve("a.jsonl") + ":3 no-text",
                        "b",
                        "refused: " + folder.resolve("b.jsonl.gz") + " not-as-named");
        assertThatThrownBy(() -> read(folder.resolve("nowhere.jsonl")))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("nowhere.jsonl");
    }

    @Test
    void readsLinesOfStandardInputUnlessAFormatIsNamed() throws IOException {
        String lines = "a line\r\n\nanother line";

        assertThat(piped(lines)).containsExactly("a line", "another line");
        assertThat(piped(lines, "-", "--format", "txt")).containsExactly(lines);
        assertThat(piped("\uFEFF \n{\"text\":\"a\"}\n", "-")).containsExactly("a");
        assertThat(piped("[{\"text\":\"a\"}]", "-", "--format", "json")).containsExactly("a");
        assertThat(piped("[{\"text\":\"a\"}]", "-")).containsExactly("[{\"text\":\"a\"}]");
    }

    /** A program that writes a line and waits for its result must not wait for more input to be read. */
    @Test
    void answersALineBeforeTheNextArrives() throws IOException {
        List<String> texts = new ArrayList<>();
        List<Integer> seen = new ArrayList<>();
        byte[] input = "{\"text\":\"a\"}\n{\"text\":\"b\"}\n".getBytes(StandardCharsets.UTF_8);
        InputStream typed = new InputStream() {
            private int at;

            @Override
            public int read() {
                throw new AssertionError("read in blocks");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                if (at == input.length) {
                    return -1;
                }
                seen.add(texts.size());
                int count = Math.min(length, 13);
                System.arraycopy(input, at, bytes, offset, count);
                at += count;
                return count;
            }
        };

        read(typed, texts);

        assertThat(texts).containsExactly("a", "b");
        assertThat(seen).containsExactly(0, 1);
    }

    /** A failure of a tokenizer or a model is not the file's fault. */
    @Test
    void endsWhenTheConsumerOfTheTextsFails() throws IOException {
        Line line = new Line();
        new CommandLine(line).parseArgs(write("a.txt", "text").toString());
        SourceTexts texts = new SourceTexts(line.options, false, new PrintWriter(new StringWriter()));
        UncheckedIOException noProcess = new UncheckedIOException(new IOException("Cannot run program"));
        StackOverflowError tooDeep = new StackOverflowError();

        assertThatThrownBy(() -> texts.read(
                        text -> {
                            throw noProcess;
                        },
                        (id, refused) -> {}))
                .isSameAs(noProcess);
        assertThatThrownBy(() -> texts.read(
                        text -> {
                            throw tooDeep;
                        },
                        (id, refused) -> {}))
                .isSameAs(tooDeep);
    }

    @Test
    void refusesCompressedStandardInputOnceAndNamesTheFormat() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write("{\"text\":\"a\"}\n".repeat(100).getBytes(StandardCharsets.UTF_8));
        }
        for (String format : List.of("lines", "jsonl", "ndjson")) {
            List<RefusedLineException> refusals = new ArrayList<>();
            Line line = new Line();
            new CommandLine(line).parseArgs("-", "--format", format);
            piped(
                    new ByteArrayInputStream(packed.toByteArray()),
                    () -> new SourceTexts(line.options, false, new PrintWriter(new StringWriter()))
                            .read(text -> {}, (id, refused) -> refusals.add(refused)));

            assertThat(refusals).singleElement().satisfies(refusal -> {
                assertThat(refusal.reason()).isEqualTo("not-as-named");
                assertThat(refusal).hasMessageContaining("--format " + format + ".gz");
            });
        }
    }

    @Test
    void namesNoSettingThatOnlyIngestHas() throws IOException {
        List<RefusedLineException> refusals = new ArrayList<>();
        Line line = new Line();
        new CommandLine(line)
                .parseArgs(write("a.txt", "a".repeat((32 << 20) + 1)).toString());

        new SourceTexts(line.options, false, new PrintWriter(new StringWriter()))
                .read(text -> {}, (id, refused) -> refusals.add(refused));

        assertThat(refusals)
                .singleElement()
                .extracting(RefusedLineException::detail)
                .isEqualTo("a text of more than 33554432 bytes");
    }

    @Test
    void refusesIdsThatAreALongString() {
        TokenIds record = new TokenIds(null, false, "\"" + "1".repeat(21_000_000) + "\"");

        assertThatThrownBy(() -> TextLine.ofIds("a", record))
                .isInstanceOfSatisfying(
                        RefusedLineException.class,
                        refused -> assertThat(refused.reason()).isEqualTo("no-ids"));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static List<String> read(Path named) {
        List<String> texts = new ArrayList<>();
        read(texts, named.toString());
        return texts;
    }

    private static List<String> piped(String input, String... arguments) {
        List<String> texts = new ArrayList<>();
        read(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), texts, arguments);
        return texts;
    }

    private static void read(InputStream input, List<String> texts, String... arguments) {
        piped(input, () -> read(texts, arguments));
    }

    private static void piped(InputStream input, Runnable reading) {
        InputStream before = System.in;
        System.setIn(input);
        try {
            reading.run();
        } finally {
            System.setIn(before);
        }
    }

    @Command
    private static final class Line {
        @Mixin
        private SourceOptions options = new SourceOptions();
    }

    private static void read(List<String> texts, String... arguments) {
        Line line = new Line();
        new CommandLine(line).parseArgs(arguments);
        new SourceTexts(line.options, false, new PrintWriter(new StringWriter()))
                .read(
                        text -> texts.add(String.valueOf(text.text())),
                        (id, refused) -> texts.add("refused: " + id + " " + refused.reason()));
    }
}

package org.bandpass.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleCrawl.joined;
import static org.bandpass.sources.SampleFiles.bytes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of JSON lines that grow between two readings: any compression, any boundary of the parts. */
class GrownLinesTest {

    private static final Map<String, UnaryOperator<byte[]>> PACKINGS = new LinkedHashMap<>(Map.of(
            "a.jsonl", content -> content,
            "a.jsonl.gz", SampleCrawl::gzip,
            "a.jsonl.zst", com.github.luben.zstd.Zstd::compress));

    private final SourceOpener opener = SampleOpener.with();

    @TempDir
    private Path folder;

    @Test
    void endsALineAfterAWholeValue() throws IOException {
        assertReads("a b c", "{\"text\":\"a\"}", "{\"text\":\"b\"}\n{\"text\":\"c\"}\n");
        assertReads("a b c d", "{\"text\":\"a\"}", "{\"text\":\"b\"}", "{\"text\":\"c\"}\n", "{\"text\":\"d\"}");
        assertReads("z a b", "{\"text\":\"z\"}\n{\"text\":\"a\"}", "\ufeff{\"text\":\"b\"}\n");
        assertReads("a}{\" b", "{\"text\":\"a}{\\\"\",\"m\":{\"x\":{}}}", "{\"text\":\"b\"}");
    }

    @Test
    void joinsTheHalvesOfALine() throws IOException {
        assertReads("a MALFORMED half b", "{\"text\":\"a\"}\n{\"text\":\"ha", "lf\"}\n{\"text\":\"b\"}\n");
        assertReads("MALFORMED MALFORMED half", "{\"text\":", "\"ha", "lf\"}");
        assertReads("a MALFORMED half b", "{\"text\":\"a\"}{\"text\":\"ha", "lf\"}{\"text\":\"b\"}");
        assertReads("MALFORMED a b", "{", "\"text\":\"a\"}\n{\"text\":\"b\"}\n");
    }

    /** The boundary may be inside a character of several bytes, or inside an escape. */
    @Test
    void joinsTheHalvesOfACharacter() throws IOException {
        byte[] line = bytes("{\"text\":\"\u00fc \\n \ud83d\ude00\"}\n");
        for (int seam = 1; seam < line.length - 2; seam++) {
            byte[] first = java.util.Arrays.copyOf(line, seam);
            byte[] second = java.util.Arrays.copyOfRange(line, seam, line.length);
            for (String name : PACKINGS.keySet()) {
                List<String> words = read(name, List.of(first, second));
                assertThat(words.subList(1, words.size()))
                        .as("%s at %d", name, seam)
                        .containsExactly("\u00fc \n \ud83d\ude00");
            }
        }
    }

    @Test
    void readsNothingTwiceIfOnlyALineEndIsAdded() throws IOException {
        for (String end : List.of("\n", "\r\n", " \n", "\n\n")) {
            assertReads(end.equals("\n\n") ? "a EMPTY_LINE" : "a", "{\"text\":\"a\"}", end);
        }
        assertReads("a b", "{\"text\":\"a\"}\r", "\n{\"text\":\"b\"}");
        assertReads("a b", "{\"text\":\"a\"}\n", "{\"text\":\"b\"}");
        assertReads("MALFORMED b", "{\"text\":\"ha", "\n{\"text\":\"b\"}\n");
    }

    /** Other bytes between two objects make one invalid line of them, which is reported. */
    @Test
    void reportsAnInvalidLine() throws IOException {
        assertReads("z a MALFORMED c", "{\"text\":\"z\"}\n{\"text\":\"a\"}", " {\"text\":\"b\"}\n{\"text\":\"c\"}\n");
        assertReads("a MALFORMED c", "{\"text\":\"a\"}", "junk\n{\"text\":\"c\"}\n");
    }

    @Test
    void resumesInArraysAndConsecutiveObjects() throws IOException {
        assertReads("a b broken-off c", "[{\"text\":\"a\"},\n{\"text\":\"b\"}", ",{\"text\":\"c\"}]");
        assertReads("a broken-off b", "[{\"text\":\"a\"},{\"te", "xt\":\"b\"}]\n");
        assertReads("a", "[{\"text\":\"a\"}]", "\n");
        assertReads("a b c", "{\n\"text\":\"a\"}\n{\"text\":\n\"b\"}", "{\"text\":\"c\"}\n");
        assertReads("a broken-off b", "{\n\"text\":\"a\"}\n{\"text\":\n", "\"b\"}");
    }

    @Test
    void readsAFileAgainIfItsLayoutChanges() throws IOException {
        assertReads("MALFORMED a b", "{", "\n\"text\":\"a\"}\n{\n\"text\":\"b\"}\n");
    }

    private void assertReads(String words, String... parts) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (String part : parts) {
            contents.add(part.getBytes(StandardCharsets.UTF_8));
        }
        for (String name : PACKINGS.keySet()) {
            assertThat(String.join(" ", read(name, contents)))
                    .as("%s: %s", name, String.join(" | ", parts))
                    .isEqualTo(words);
        }
    }

    /** Reads a file after each part, from the end of the previous reading. */
    private List<String> read(String name, List<byte[]> parts) throws IOException {
        List<String> words = new ArrayList<>();
        byte[] content = {};
        EarlierRead before = null;
        for (byte[] part : parts) {
            content = joined(content, PACKINGS.get(name).apply(part));
            before = read(LocalFile.of(Files.write(folder.resolve(name), content)), before, words);
        }
        return words;
    }

    private EarlierRead read(LocalFile file, @Nullable EarlierRead before, List<String> words) throws IOException {
        Resume start = new GrownLines(opener).at(Resume.of(file, before));
        long position = start.position();
        boolean finished = false;
        try (RecordReader reader = opener.open(file, bytes -> {})) {
            reader.skip(position);
            for (SourceRecord record = reader.next(); record != null; record = reader.next()) {
                words.add(
                        record instanceof Candidate candidate
                                ? candidate.text()
                                : ((Unusable) record).reason().name());
                position++;
            }
            finished = true;
        } catch (SourceFailure e) {
            words.add(e.reason().word());
        }
        return new EarlierRead(
                file.name(), file.bytes(), file.version(), start.fingerprint(), null, position, finished);
    }
}

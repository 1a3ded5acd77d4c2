package org.bandpass.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.sources.SampleFiles.bytes;
import static org.bandpass.sources.SampleFiles.write;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.http.HttpPatience;
import org.bandpass.sources.http.HttpRequests;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.UnusableInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class SourceOptionsTest {

    @TempDir
    private Path folder;

    @Test
    void reportsAnUnusableDictionaryAtTheStart() {
        assertUnusable(folder.resolve("none"), "no such file");
        assertUnusable(Path.of("/dev/zero"), "it has more than 16 MiB");
        // The magic number of a dictionary, but no tables.
        byte[] damaged = new byte[200];
        Arrays.fill(damaged, (byte) 0xff);
        System.arraycopy(new byte[] {0x37, (byte) 0xa4, 0x30, (byte) 0xec}, 0, damaged, 0, 4);
        assertUnusable(write(folder.resolve("damaged"), damaged), "the zstd dictionary is damaged");
    }

    private void assertUnusable(Path dictionary, String why) {
        SourceOptions options = options("a.jsonl", "--zstd-dictionary", dictionary.toString());
        assertThatThrownBy(() -> options.opener(SampleOpener.with()))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("--zstd-dictionary " + dictionary + " cannot be used: " + why);
    }

    @Test
    void readsAListThatNeedsTheDictionary() {
        byte[] content = bytes("/data/a.jsonl\n/data/b.jsonl\n");
        Path dictionary = write(folder.resolve("dictionary"), content);
        byte[] packed;
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            packed = context.loadDict(content).compress(content);
        }
        String list = write(folder.resolve("p.zst"), packed).toString();

        assertThatThrownBy(() -> named("--list", list)).isInstanceOf(UnusableInputException.class);
        assertThat(named("--list", list, "--zstd-dictionary", dictionary.toString()))
                .containsExactly("/data/a.jsonl", "/data/b.jsonl");
    }

    @Test
    void acceptsStandardInputOnce() {
        assertThat(named("-")).containsExactly("-");
        assertThatThrownBy(() -> named("-", "a.jsonl", "-"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("name it once");
    }

    @Test
    void namesAllSuffixesIfOneIsUnknown() throws SourceFailure {
        assertThat(SourceFormat.named("a.lines")).isEqualTo(SourceFormat.LINES);
        assertThatThrownBy(() -> SourceFormat.named("a.jpeg")).hasMessageContaining("jsonl, ndjson, json, lines, warc");
    }

    private static List<String> named(String... arguments) {
        HttpRequests requests = new HttpRequests(new HttpPatience(1, 1, 1, 60_000), line -> {});
        return options(arguments).named("jsonl", requests, new PrintWriter(new StringWriter())).stream()
                .map(Source::name)
                .toList();
    }

    @Command
    private static final class Line {
        @Mixin
        private SourceOptions options = new SourceOptions();
    }

    private static SourceOptions options(String... arguments) {
        Line line = new Line();
        new CommandLine(line).parseArgs(arguments);
        return line.options;
    }
}

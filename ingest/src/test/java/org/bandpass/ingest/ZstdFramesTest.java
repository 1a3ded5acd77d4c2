package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.bandpass.sources.SampleCrawl;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.Compression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZstdFramesTest {

    @TempDir
    private Path folder;

    @Test
    void readsWindowsOfUpTo128MebibytesAndRefusesWiderOnes() throws IOException {
        byte[] content = SampleFiles.bytes(lines("t", 0, 3));
        assertThat(read(frame(10, content))).isEqualTo(content);
        assertThat(read(frame(27, content))).isEqualTo(content);
        for (int windowLog : List.of(28, 31, 41)) {
            assertThatThrownBy(() -> read(frame(windowLog, content)))
                    .isInstanceOfSatisfying(
                            SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(Rejection.UNSUPPORTED))
                    .hasMessageContaining("a window of more than 128 MiB is not read")
                    .hasMessageContaining("repack it without --long");
        }
    }

    @Test
    void readsWhatIsBeforeAFrameWithAWiderWindow() {
        byte[] both =
                SampleCrawl.joined(SampleFiles.zstd(lines("t", 0, 3)), frame(31, SampleFiles.bytes(lines("t", 3, 5))));
        Path file = write(folder.resolve("a.jsonl.zst"), both);
        CommandRun run = CommandRun.by(List.of("--dry-run", "--json", file.toString()));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.lines()).hasSize(3 + 2);
        assertThat(run.lines().get(3).path("refused").asText()).isEqualTo("unsupported");
        assertThat(run.lines().get(3).path("position").asInt()).isEqualTo(3);
    }

    private static byte[] read(byte[] packed) throws IOException {
        try (InputStream in = Compression.ZSTD.decompress(new ByteArrayInputStream(packed), null)) {
            return in.readAllBytes();
        }
    }

    /** Returns a frame with one uncompressed block and a window of any size (RFC 8878, 3.1.1). */
    private static byte[] frame(int windowLog, byte[] content) {
        int block = 1 | content.length << 3;
        return SampleCrawl.joined(
                new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (windowLog - 10 << 3)},
                new byte[] {(byte) block, (byte) (block >> 8), (byte) (block >> 16)},
                content);
    }
}

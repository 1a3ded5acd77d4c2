package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.line;
import static org.bandpass.sources.SampleFiles.write;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bandpass.sources.SampleCrawl;
import org.bandpass.sources.SampleFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A zstd file that is cut anywhere is read as far as zstd's own decompressor reads it, byte by byte. */
class CutZstdTest {

    /** Several blocks: one block of zstd holds at most 128 KiB. */
    private static final int RECORDS = 400;

    private static final String END = "the end";

    @TempDir
    private Path folder;

    private final Random random = new Random(7);

    @Test
    void readsEachWholeLine() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < RECORDS; i++) {
            lines.append(line(text())).append('\n');
        }
        assertReadsAll("a.jsonl.zst", SampleFiles.bytes(lines.toString()));
    }

    @Test
    void readsEachWholeRecordOfACrawl() throws IOException {
        SampleCrawl crawl = new SampleCrawl();
        for (int i = 0; i < RECORDS; i++) {
            crawl.conversion("http://a/" + i, text(), 0);
        }
        assertReadsAll("a.warc.wet.zst", crawl.bytes());
    }

    private void assertReadsAll(String name, byte[] content) throws IOException {
        byte[] packed = Zstd.compress(content);
        boolean some = false;
        for (int tenths = 1; tenths < 10; tenths++) {
            byte[] cut = Arrays.copyOf(packed, packed.length * tenths / 10);
            String decoded = decoded(cut);
            int whole = decoded.split(END, -1).length - 1;
            Path file = write(folder.resolve(name), cut);
            CommandRun run = CommandRun.by(List.of("--dry-run", "--json", file.toString()));

            assertThat(run.lines()).as(name + " of " + tenths + " tenths").hasSize(whole + 2);
            assertThat(run.lines().get(whole).path("refused").asText()).isEqualTo("broken-off");
            some |= whole > 0;
        }
        assertThat(some).as("some are cut behind whole records").isTrue();
    }

    private static String decoded(byte[] packed) throws IOException {
        StringBuilder decoded = new StringBuilder();
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(packed))) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                decoded.append((char) b);
            }
            throw new AssertionError("not cut");
        } catch (ZstdIOException e) {
            return decoded.toString();
        }
    }

    private String text() {
        byte[] letters = new byte[1_000];
        for (int i = 0; i < letters.length; i++) {
            letters[i] = (byte) ('a' + random.nextInt(26));
        }
        return new String(letters, StandardCharsets.US_ASCII) + " " + END;
    }
}

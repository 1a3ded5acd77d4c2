package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.ingest.SampleFiles.write;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.bandpass.schemas.IngestProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a file that has grown is read on. */
class FileStartTest {

    @TempDir
    private Path folder;

    @Test
    void readsALineAgainThatWasReadHalf() throws IOException {
        assertThat(afterGrowth("{1}\n{2}\n{3", 3, true).position()).isEqualTo(2);
        // Killed behind its last transaction, before it could say that this was all.
        assertThat(afterGrowth("{1}\n{2}\n{3", 3, false).position()).isEqualTo(2);
    }

    @Test
    void readsNoLineAgainThatWasReadWhole() throws IOException {
        assertThat(afterGrowth("{1}\n{2}\n{3", 2, false).position()).isEqualTo(2);
        assertThat(afterGrowth("{1}\n{2}\n{3", 1, false).position()).isEqualTo(1);
        assertThat(afterGrowth("{1}\n{2}\n{3", 0, false).position()).isZero();
        assertThat(afterGrowth("{1}\n{2}\n", 2, true).position()).isEqualTo(2);
    }

    private FileStart afterGrowth(String before, long position, boolean finished) throws IOException {
        Path file = write(folder.resolve("a.jsonl"), before);
        LocalFile then = LocalFile.of(file);
        IngestProgress progress = IngestProgress.newBuilder()
                .setIngest("default")
                .setPath(then.name())
                .setBytes(then.bytes())
                .setModifiedAt(Instant.EPOCH)
                .setFingerprint(then.fingerprint(then.bytes()))
                .setPosition(position)
                .setFinished(finished)
                .build();
        write(file, before + "}\n{4}\n");
        FileStart start = FileStart.of(LocalFile.of(file), progress);
        assertThat(start.state()).isEqualTo(FileStart.State.GROWN);
        return start;
    }
}

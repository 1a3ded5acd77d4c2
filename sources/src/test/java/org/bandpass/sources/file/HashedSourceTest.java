package org.bandpass.sources.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.bandpass.sources.SampleFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashedSourceTest {

    @Test
    void describesItsSource(@TempDir Path folder) throws IOException {
        LocalFile file = LocalFile.of(SampleFiles.write(folder.resolve("a.txt"), SampleFiles.bytes("some text")));
        HashedSource hashed = new HashedSource(file);

        assertThat(hashed.modifiedAt()).isEqualTo(file.modifiedAt());
        assertThat(hashed.version()).isEqualTo(file.version());
        assertThat(hashed.fingerprint(4)).isEqualTo(file.fingerprint(4));
        assertThat(hashed.range(5, 9)).isEqualTo(SampleFiles.bytes("text"));
        assertThat(hashed.hash()).isEqualTo(file.contentHash(9));
    }

    @Test
    void readsNothingForAFingerprintOfUnknownSize() throws IOException {
        assertThat(new NamedFile(Path.of("missing.txt")).fingerprint(-1)).isEmpty();
    }
}

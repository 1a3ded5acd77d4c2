package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.line;
import static org.bandpass.sources.SampleFiles.write;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.bandpass.sources.FollowTimes;
import org.bandpass.sources.FollowedFolders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of ingest. */
class IngestMetersTest {

    @TempDir
    private Path folder;

    @Test
    void showsTheFilesThatWaitInFollowedFolders() throws Exception {
        for (String name : List.of("a.jsonl", "b.jsonl", "c.jsonl")) {
            write(folder.resolve(name), line(name));
        }
        FollowedFolders folders = new FollowedFolders(
                Collections.emptyIterator(), List.of(folder), new FollowTimes(0, 60_000), idle -> {}, System::nanoTime);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new IngestMeters(registry).follow(folders);
        assertThat(folders.hasNext()).isTrue();
        assertThat(folders.next().fileName()).isEqualTo("a.jsonl");
        assertThat(registry.get("bandpass.ingest.follow.waiting")
                        .tag("state", "settled")
                        .gauge()
                        .value())
                .isEqualTo(2);
    }
}

package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.ingest.SampleFiles.gzip;
import static org.bandpass.ingest.SampleFiles.lines;
import static org.bandpass.ingest.SampleFiles.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import org.bandpass.ingest.FileStart.State;
import org.bandpass.schemas.IngestProgress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStartTest {

    /** Fifty whole lines, and one that is being written. */
    private static final String HALF = "{\"text\":\"hal";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void makeFile() {
        file = write(folder.resolve("a.jsonl"), lines("a", 0, 50) + HALF);
    }

    @Test
    void readsAHalfLineAgainThatHasBecomeAWholeOne() throws IOException {
        IngestProgress finished = progress(51, true);
        append("f a line\"}\n" + lines("a", 50, 80));

        assertStarts(finished, State.GROWN, 50);
    }

    @Test
    void readsNothingTwiceOfAFileThatHasGrownSinceTheIngestWasKilled() throws IOException {
        IngestProgress beforeAll = progress(0, false);
        IngestProgress inTheMiddle = progress(20, false);
        IngestProgress beforeTheHalfLine = progress(50, false);
        IngestProgress behindTheHalfLine = progress(51, false);
        append("f a line\"}\n");

        assertStarts(beforeAll, State.GROWN, 0);
        assertStarts(inTheMiddle, State.GROWN, 20);
        assertStarts(beforeTheHalfLine, State.GROWN, 50);
        assertStarts(behindTheHalfLine, State.GROWN, 50);
    }

    @Test
    void goesOnBehindAWholeLineThatLackedItsLineFeed() throws IOException {
        IngestProgress finished = progress(51, true);
        IngestProgress killed = progress(51, false);
        append("\r\n" + lines("a", 50, 80));

        assertStarts(finished, State.GROWN, 51);
        assertStarts(killed, State.GROWN, 51);
    }

    @Test
    void goesOnWhereAKilledIngestEndedInAFileThatHasNotGrown() throws IOException {
        assertStarts(progress(20, false), State.CONTINUED, 20);
        assertStarts(progress(51, false), State.CONTINUED, 51);
        assertStarts(progress(51, true), State.FINISHED, 51);
    }

    @Test
    void goesOnBehindWhatAPackedFileHeld() throws IOException {
        file = write(folder.resolve("a.jsonl.gz"), gzip(lines("a", 0, 50)));
        IngestProgress killed = progress(20, false);
        Files.write(file, gzip(lines("a", 50, 60)), StandardOpenOption.APPEND);

        assertStarts(killed, State.GROWN, 20);
    }

    private void assertStarts(IngestProgress before, State state, long position) throws IOException {
        SourceOpener opener = new SourceOpener(IngestSettingsTest.parse());
        FileStart start = new GrownLines(opener).at(FileStart.of(LocalFile.of(file), before));
        assertThat(start.state()).isEqualTo(state);
        assertThat(start.position()).as("after " + before.getPosition()).isEqualTo(position);
    }

    /** Returns what an ingest leaves that has decided so many records of the file as it is. */
    private IngestProgress progress(long position, boolean finished) throws IOException {
        LocalFile now = LocalFile.of(file);
        return IngestProgress.newBuilder()
                .setIngest("n")
                .setPath(now.name())
                .setBytes(now.bytes())
                .setModifiedAt(Instant.ofEpochMilli(now.modifiedAt()))
                .setFingerprint(now.fingerprint(now.bytes()))
                .setPosition(position)
                .setFinished(finished)
                .setRead(position)
                .setIngested(Map.of())
                .setRejected(Map.of())
                .setSeconds(0.0)
                .build();
    }

    private void append(String more) throws IOException {
        Files.writeString(file, more, StandardOpenOption.APPEND);
    }
}

package org.bandpass.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.gzip;
import static org.bandpass.sources.SampleFiles.lines;
import static org.bandpass.sources.SampleFiles.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bandpass.sources.Resume.State;
import org.bandpass.sources.file.LocalFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {

    /** The beginning of a line that is being written, after fifty whole lines. */
    private static final String HALF = "{\"text\":\"hal";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void makeFile() {
        file = write(folder.resolve("a.jsonl"), lines("a", 0, 50) + HALF);
    }

    @Test
    void readsALineAgainThatWasIncomplete() throws IOException {
        EarlierRead finished = progress(51, true);
        append("f a line\"}\n" + lines("a", 50, 80));

        assertStarts(finished, State.GROWN, 50);
    }

    @Test
    void readsNothingTwiceOfAFileThatHasGrownSinceTheIngestWasKilled() throws IOException {
        EarlierRead beforeAll = progress(0, false);
        EarlierRead inTheMiddle = progress(20, false);
        EarlierRead beforeTheHalfLine = progress(50, false);
        EarlierRead afterTheHalfLine = progress(51, false);
        append("f a line\"}\n");

        assertStarts(beforeAll, State.GROWN, 0);
        assertStarts(inTheMiddle, State.GROWN, 20);
        assertStarts(beforeTheHalfLine, State.GROWN, 50);
        assertStarts(afterTheHalfLine, State.GROWN, 50);
    }

    @Test
    void resumesAfterAWholeLineThatLackedItsLineFeed() throws IOException {
        EarlierRead finished = progress(51, true);
        EarlierRead killed = progress(51, false);
        append("\r\n" + lines("a", 50, 80));

        assertStarts(finished, State.GROWN, 51);
        assertStarts(killed, State.GROWN, 51);
    }

    @Test
    void resumesWhereAKilledIngestEndedInAFileThatHasNotGrown() throws IOException {
        assertStarts(progress(20, false), State.CONTINUED, 20);
        assertStarts(progress(51, false), State.CONTINUED, 51);
        assertStarts(progress(51, true), State.FINISHED, 51);
    }

    @Test
    void resumesAfterTheContentOfACompressedFile() throws IOException {
        file = write(folder.resolve("a.jsonl.gz"), gzip(lines("a", 0, 50)));
        EarlierRead killed = progress(20, false);
        Files.write(file, gzip(lines("a", 50, 60)), StandardOpenOption.APPEND);

        assertStarts(killed, State.GROWN, 20);
    }

    private void assertStarts(EarlierRead before, State state, long position) throws IOException {
        SourceOpener opener = SampleOpener.with();
        Resume start = new GrownLines(opener).at(Resume.of(LocalFile.of(file), before));
        assertThat(start.state()).isEqualTo(state);
        assertThat(start.position()).as("after " + before.position()).isEqualTo(position);
    }

    /** Returns the progress of an ingest that has read so many records of the file as it is. */
    private EarlierRead progress(long position, boolean finished) throws IOException {
        LocalFile now = LocalFile.of(file);
        return new EarlierRead(
                now.name(), now.bytes(), now.version(), now.fingerprint(now.bytes()), null, position, finished);
    }

    private void append(String more) throws IOException {
        Files.writeString(file, more, StandardOpenOption.APPEND);
    }
}

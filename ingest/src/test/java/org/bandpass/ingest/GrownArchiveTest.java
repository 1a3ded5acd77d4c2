package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleFiles.bytes;
import static org.bandpass.sources.SampleFiles.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bandpass.ingest.Decision.Admitted;
import org.bandpass.ingest.Decision.Begun;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.bandpass.sources.Resume.State;
import org.bandpass.sources.SampleCrawl;
import org.bandpass.sources.file.NamedFile;
import org.bandpass.sources.file.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that are read while they are being written, and again when they have grown, without a window of duplicates. */
class GrownArchiveTest {

    @TempDir
    private Path folder;

    private final AvroSerde<Document> serde = AvroSerde.of(Document.class);
    private final List<String> texts = new ArrayList<>();
    private final List<State> states = new ArrayList<>();

    @Test
    void readsEachRecordOfAWarcOnceWhereverItEndedBefore() throws Exception {
        byte[] whole = new SampleCrawl()
                .page("http://a/", "first")
                .page("http://b/", "second")
                .page("http://c/", "third")
                .bytes();
        for (int cut = 1; cut < whole.length; cut++) {
            assertReadsOnce("a.warc", whole, cut, "Title\n\nfirst", "Title\n\nsecond", "Title\n\nthird");
        }
    }

    @Test
    void readsEachRecordOfAPackedWarcOnceWhereverItEndedBefore() throws Exception {
        byte[] whole = SampleCrawl.joined(
                SampleCrawl.gzip(new SampleCrawl().page("http://a/", "first").bytes()),
                SampleCrawl.gzip(new SampleCrawl().page("http://b/", "second").bytes()),
                SampleCrawl.gzip(new SampleCrawl().page("http://c/", "third").bytes()));
        for (int cut = 20; cut < whole.length; cut += 3) {
            assertReadsOnce("a.warc.gz", whole, cut, "Title\n\nfirst", "Title\n\nsecond", "Title\n\nthird");
        }
    }

    @Test
    void readsEachRecordOfAnArcOnce() throws Exception {
        byte[] first = record("http://a/", "first");
        byte[] whole = SampleCrawl.joined(first, record("http://b/", "second"), record("http://c/", "third"));
        for (int cut = 1; cut <= first.length; cut++) {
            assertReadsOnce("a.arc", whole, cut, "first", "second", "third");
        }
    }

    private static byte[] record(String url, String words) {
        byte[] page = SampleCrawl.http("text/html", "<p>" + words, StandardCharsets.ISO_8859_1);
        return SampleCrawl.joined(
                bytes(url + " 10.0.0.1 19970102030405 text/html " + page.length + "\n"), page, bytes("\n"));
    }

    private void assertReadsOnce(String name, byte[] whole, int cut, String... expected) throws Exception {
        texts.clear();
        states.clear();
        Path file = write(folder.resolve(cut + name), Arrays.copyOf(whole, cut));
        IngestSettings settings = IngestSettingsTest.parse("ingest.duplicates.window=0");
        SourceLoader loader = new SourceLoader(
                settings.opener(), new Admission(settings, "n", new DuplicateWindow(0), null), List.of(), stored -> {});
        loader.load(Stream.<Source>of(new NamedFile(file)).iterator(), this::decided);
        write(file, whole);
        loader.load(Stream.<Source>of(new NamedFile(file)).iterator(), this::decided);

        assertThat(states).as("cut at %d", cut).containsExactly(State.NEW, State.GROWN);
        assertThat(texts).as("cut at %d of %d", cut, whole.length).containsExactly(expected);
    }

    private void decided(Decision decision) {
        if (decision instanceof Admitted admitted) {
            texts.add(serde.read(admitted.value()).getText());
        } else if (decision instanceof Begun begun) {
            states.add(begun.file().state());
        }
    }
}

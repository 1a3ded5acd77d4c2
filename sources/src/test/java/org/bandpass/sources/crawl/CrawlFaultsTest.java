package org.bandpass.sources.crawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.sources.SampleCrawl.gzip;
import static org.bandpass.sources.SampleCrawl.http;
import static org.bandpass.sources.SampleCrawl.joined;
import static org.bandpass.sources.SampleCrawl.page;
import static org.bandpass.sources.SampleCrawl.words;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bandpass.sources.SampleCrawl;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.SampleOpener;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Common faults of servers and crawlers, and what is read in spite of them. */
class CrawlFaultsTest {

    private static final String FERRY =
            "The ferry to the northern island leaves at seven in the morning and carries bicycles without extra"
                    + " charge.";

    @TempDir
    private Path folder;

    @Test
    void skipsInterimResponses() throws IOException {
        assertThat(words(open(SampleFiles.fault("interim-answer.warc"))))
                .containsExactly("http://interim.example/103 Hints\n\nA bread oven keeps its heat for two days when the"
                        + " bricks are laid in three layers with sand between them.");

        String html = "Content-Type: text/html\r\n\r\n" + page("final");
        String early = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nContent-Type: image/png\r\n\r\n";
        SampleCrawl crawl = new SampleCrawl();
        for (String heads : List.of(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
                "HTTP/1.1 102 Processing\r\n\r\n".repeat(3) + early + "HTTP/1.1 200 OK\r\n",
                early.repeat(1_000) + "HTTP/1.0 203 x\r\n",
                "HTTP/2 103\r\nlink: x\r\n\r\nHTTP/2 200\r\n",
                "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\n")) {
            crawl.response("http://x/", SampleFiles.bytes(heads + html));
        }
        assertThat(words(open("a.warc", crawl.bytes()))).hasSize(5).containsOnly("http://x/ Title\n\nfinal");

        SampleCrawl others = new SampleCrawl();
        for (String heads : List.of(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n",
                "HTTP/1.1 103 Early Hints\r\n\r\n")) {
            others.response("http://x/", SampleFiles.bytes(heads + html));
        }
        others.response("http://x/", SampleFiles.bytes("HTTP/1.1 100 Continue\r\n\r\n"));
        assertThat(words(open("b.warc", others.bytes()))).hasSize(4).containsOnly("http-status");
    }

    @Test
    void skipsInterimResponsesInArc() throws IOException {
        byte[] answer =
                SampleFiles.bytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
                        + page("an old page"));
        byte[] arc = joined(
                SampleFiles.bytes("http://a/ 10.0.0.1 19970102030405 text/html " + answer.length + "\n"),
                answer,
                SampleFiles.bytes("\n"));
        assertThat(words(open("a.arc", arc))).containsExactly("http://a/ Title\n\nan old page");
    }

    @Test
    void keepsAPageWithOneStrayByte() throws IOException {
        String text =
                "http://mixed.example/quotes It is the farmer\u2019s field, and the miller\ufffds barn stands beside it"
                        + " near the old road to the harbour.";
        assertThat(words(open(SampleFiles.fault("one-stray-byte.warc")))).containsExactly(text);

        byte[] several =
                "<p>one \u0092 two \u0092 three \u0092 and four \u0092 quotes".getBytes(StandardCharsets.ISO_8859_1);
        byte[] crawl = new SampleCrawl()
                .response("http://x/", http("Content-Type: text/html; charset=utf-8", several))
                .record("resource", "http://y/", "text/html; charset=utf-8", several, several.length)
                .bytes();
        Path file = Files.write(folder.resolve("a.warc"), crawl);
        assertThat(words(open(file))).containsExactly("BAD_ENCODING", "BAD_ENCODING");
        String repaired = "one \ufffd two \ufffd three \ufffd and four \ufffd quotes";
        assertThat(words(open(file, "ingest.page.replaced.share=0.2")))
                .containsExactly("http://x/ " + repaired, "http://y/ " + repaired);
    }

    /** Texts that others derived from pages are UTF-8, and checked as strictly as JSON lines. */
    @Test
    void refusesAStrayByteInADerivedText() throws IOException {
        byte[] stray = joined(SampleFiles.bytes("Ξεσκεπάζω"), new byte[] {(byte) 0x92});
        byte[] crawl = new SampleCrawl()
                .record("conversion", "http://x/", "text/plain", stray, stray.length)
                .bytes();
        assertThat(words(open("a.wet", crawl))).containsExactly("BAD_ENCODING");
    }

    @Test
    void treatsZerosBetweenRecordsAsPadding() throws IOException {
        assertThat(words(open(SampleFiles.fault("zero-byte-behind-records.warc"))))
                .containsExactly("http://news.example/0 News\n\n" + FERRY);
        for (String lineEnd : List.of("\r\n", "\n")) {
            for (int zeros : new int[] {1, 2, 511, 1_024, 100_000}) {
                String padding = "\0".repeat(zeros);
                byte[] crawl = new SampleCrawl(lineEnd)
                        .raw("\0")
                        .conversion("http://1/", "first", 0)
                        .raw(padding)
                        .conversion("http://2/", "second", 0)
                        .raw(padding + "\n" + padding)
                        .conversion("http://3/", "third", 0)
                        .raw(padding)
                        .bytes();
                for (RecordReader reader : List.of(open("a.wet", crawl), open("a.wet.gz", gzip(crawl)))) {
                    assertThat(words(reader))
                            .as("%d zeros", zeros)
                            .containsExactly("http://1/ first", "http://2/ second", "http://3/ third");
                }
            }
        }
    }

    @Test
    void readsALastRecordWithTooLargeALengthInAWholeFile() throws IOException {
        try (RecordReader reader = open(SampleFiles.fault("last-record-declared-too-long.warc.gz"))) {
            Candidate last = (Candidate) reader.next();
            assertThat(last.text()).isEqualTo("Last\n\n" + FERRY);
            assertThat(last.metadata()).containsEntry("contentLength", "declared 333 bytes, found 328");
            assertThat(reader.next()).isNull();
        }
        for (long more : new long[] {1, 4, 5, 300, 1_000_000, Long.MAX_VALUE - 100}) {
            byte[] crawl = new SampleCrawl()
                    .conversion("http://1/", "first", 0)
                    .conversion("http://2/", "last", more)
                    .bytes();
            String last = more > 32 << 20 ? "OVER_RECORD_LIMIT" : "http://2/ last";
            for (RecordReader reader :
                    List.of(open("a.wet.gz", gzip(crawl)), open("a.wet.zst", Zstd.compress(crawl)))) {
                assertThat(words(reader)).as("%d bytes more", more).containsExactly("http://1/ first", last);
            }
        }
    }

    /** Without a trailer, a file that ends early may have been cut. */
    @Test
    void doesNotReadALastRecordThatMayHaveBeenCut() throws IOException {
        byte[] crawl = new SampleCrawl()
                .conversion("http://1/", "first", 0)
                .conversion("http://2/", "last", 300)
                .bytes();
        byte[] packed = gzip(crawl);
        for (RecordReader reader :
                List.of(open("a.wet", crawl), open("a.wet.gz", Arrays.copyOf(packed, packed.length - 1)))) {
            assertThatThrownBy(() -> words(reader)).isInstanceOf(IOException.class);
        }
    }

    private RecordReader open(String name, byte[] content) throws IOException {
        return open(Files.write(folder.resolve(name), content));
    }

    private static RecordReader open(Path file, String... assignments) throws IOException {
        return SampleOpener.with(assignments).open(LocalFile.of(file), bytes -> {});
    }
}

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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bandpass.sources.SampleCrawl;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.SampleOpener;
import org.bandpass.sources.file.LocalFile;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.PassedOver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Valid and damaged archives. */
class CrawlReaderTest {

    @TempDir
    private Path folder;

    @Test
    void readsPagesAndCountsTheRest() throws IOException {
        SampleCrawl crawl = new SampleCrawl()
                .record("warcinfo", "-", "application/warc-fields", new byte[3], 3)
                .record("request", "http://a/", "application/http", SampleFiles.bytes("GET / HTTP/1.1"), 14)
                .page("http://a/", "first")
                .record("metadata", "http://a/", "application/warc-fields", new byte[0], 0)
                .record("revisit", "http://a/", "application/http", new byte[0], 0)
                .record("unheard-of", "http://a/", "text/plain", new byte[2], 2)
                .response("http://a/x.png", http("Content-Type: image/png", new byte[] {1, 2, 3}))
                .response("http://a/x.pdf", http("Content-Type: application/pdf", new byte[] {1, 2, 3}))
                .response(
                        "http://a/404",
                        SampleFiles.bytes("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>no"))
                .response("http://a/empty", http("Content-Type: text/html", new byte[0]))
                .response("http://a/menu", http("text/html", "<nav><a href=x>x</a></nav>", StandardCharsets.UTF_8))
                .response("http://a/what", SampleFiles.bytes("what is this"))
                .record("resource", "http://a/t", "text/plain", SampleFiles.bytes("as it is"), 8)
                .record("resource", "metadata://gnu.org/wget.log", "text/plain", SampleFiles.bytes("a log"), 5)
                .page("<http://b/>", "last");
        for (List<String> words :
                List.of(words(open("a.warc", crawl.bytes())), words(open("b.warc.gz", gzip(crawl.bytes()))))) {
            assertThat(words)
                    .containsExactly(
                            "warcinfo",
                            "request",
                            "http://a/ Title\n\nfirst",
                            "metadata",
                            "revisit",
                            "unknown-type",
                            "image",
                            "other-content",
                            "http-status",
                            "NO_TEXT",
                            "NO_TEXT",
                            "MALFORMED",
                            "http://a/t as it is",
                            "metadata",
                            "http://b/ Title\n\nlast");
        }
        try (RecordReader reader = open("a.warc", crawl.bytes())) {
            reader.skip(2);
            Candidate page = (Candidate) reader.next();
            assertThat(page.date()).isEqualTo("2024-01-02T03:04:05Z");
            assertThat(page.sourceId()).startsWith("<urn:uuid:");
            assertThat(page.domain()).isNull();
            assertThat(page.metadata())
                    .containsOnly(Map.entry("contentType", "text/html"), Map.entry("extractor", "bandpass-page-2"));
            reader.skip(11);
            assertThat(((Candidate) reader.next()).url()).isEqualTo("http://b/");
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void readsLineFeedsAloneAndContinuedHeaders() throws IOException {
        byte[] plain = SampleFiles.bytes("text");
        SampleCrawl crawl = new SampleCrawl("\n")
                .raw("\n\n")
                .page("http://a/", "one")
                .raw(
                        "WARC/1.1\nWARC-Type:\n conversion\nx: y\n\tz\nno colon\nWARC-Identified-Content-Language: rus,eng\n"
                                + "content-type: text/plain\nContent-Length: 4\n\ntext\n\n")
                .record("conversion", "http://c/", "text/plain", plain, plain.length);
        try (RecordReader reader = open("a.wet", crawl.bytes())) {
            assertThat(((Candidate) reader.next()).text()).isEqualTo("Title\n\none");
            Candidate continued = (Candidate) reader.next();
            assertThat(continued.text()).isEqualTo("text");
            assertThat(continued.language()).isEqualTo("rus");
            assertThat(((Candidate) reader.next()).url()).isEqualTo("http://c/");
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void findsTheNextRecordAfterAWrongLength() throws IOException {
        for (String lineEnd : List.of("\r\n", "\n")) {
            for (int wrong : new int[] {-6, -1, 1, 3, 7, 40, 200, 1_000, 100_000}) {
                SampleCrawl crawl = new SampleCrawl(lineEnd)
                        .conversion("http://1/", "first text", 0)
                        .conversion("http://2/", "second\n\ntext", wrong)
                        .conversion("http://3/", "third text", 0)
                        .conversion("http://4/", "fourth text", 0);
                assertThat(words(open("a.wet", crawl.bytes())))
                        .as("%d bytes more, %d", wrong, lineEnd.length())
                        .containsExactly(
                                "http://1/ first text",
                                "http://2/ second\n\ntext",
                                "http://3/ third text",
                                "http://4/ fourth text");
            }
        }
        byte[] last =
                new SampleCrawl().conversion("http://1/", "the last text", -5).bytes();
        try (RecordReader reader = open("a.wet", last)) {
            Candidate text = (Candidate) reader.next();
            assertThat(text.text()).isEqualTo("the last text");
            assertThat(text.metadata()).containsEntry("contentLength", "declared 8 bytes, found 17");
        }
    }

    @Test
    void acceptsEveryValidNameOfAFirstField() throws Exception {
        for (String name : List.of("X.Custom.Header", "WARC-" + "A".repeat(200), "a!#$%&'*+-.^_`|~9")) {
            byte[] crawl = new SampleCrawl()
                    .raw("WARC/1.0\r\n" + name + ": 1\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\n"
                            + "WARC-Target-URI: http://a/1\r\nContent-Length: 5\r\n\r\nfirst\r\n\r\n")
                    .conversion("http://a/2", "second", 0)
                    .bytes();
            assertThat(words(open("a.warc.wet", crawl)))
                    .as(name)
                    .containsExactly("http://a/1 first", "http://a/2 second");
        }
    }

    @Test
    void losesOneRecordWithAnInvalidHeader() throws IOException {
        SampleCrawl crawl = new SampleCrawl()
                .conversion("http://1/", "first", 0)
                .raw("WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: many\r\n\r\nlost\r\n\r\n")
                .conversion("http://3/", "third", 0)
                .raw("some bytes\r\nof nobody\r\n\r\n")
                .conversion("http://5/", "fifth", 0)
                .raw("WARC/1.0\r\nContent-Length: 4\r\n\r\nlost\r\n\r\n")
                .conversion("http://7/", "seventh", 0);
        assertThat(words(open("a.wet", crawl.bytes())))
                .containsExactly(
                        "http://1/ first",
                        "MALFORMED",
                        "http://3/ third",
                        "MALFORMED",
                        "http://5/ fifth",
                        "MALFORMED",
                        "http://7/ seventh");
    }

    @Test
    void boundsRecords() throws IOException {
        String much = "many words ".repeat(200_000);
        SampleCrawl crawl = new SampleCrawl()
                .conversion("http://1/", much, 0)
                .record("metadata", "http://2/", "text/plain", SampleFiles.bytes(much), much.length())
                .conversion("http://3/", "third", 0)
                .conversion("http://4/", "fourth", Long.MAX_VALUE - 100)
                .conversion("http://5/", "fifth", 5_000_000)
                .conversion("http://6/", "sixth", 0);
        assertThat(words(open("a.wet", crawl.bytes(), "ingest.record.max.bytes=1000000")))
                .containsExactly(
                        "OVER_RECORD_LIMIT",
                        "metadata",
                        "http://3/ third",
                        "OVER_RECORD_LIMIT",
                        "OVER_RECORD_LIMIT",
                        "http://6/ sixth");
    }

    @Test
    void reportsWhereAnArchiveBreaksOff() throws IOException {
        byte[] first = gzip(new SampleCrawl().page("http://1/", "first").bytes());
        byte[] second = gzip(new SampleCrawl().page("http://2/", "second").bytes());
        for (int kept : new int[] {1, 9, 30, second.length - 9, second.length - 1}) {
            RecordReader reader = open("a.warc.gz", joined(first, Arrays.copyOf(second, kept)));
            assertThat(((Candidate) reader.next()).url()).isEqualTo("http://1/");
            // A member without its check sum may be damaged.
            assertThatThrownBy(() -> drain(reader)).isInstanceOf(IOException.class);
        }
        byte[] plain = new SampleCrawl()
                .page("http://1/", "first")
                .page("http://2/", "second")
                .bytes();
        for (int missing : new int[] {5, 20, 100, 300}) {
            RecordReader reader = open("a.warc", Arrays.copyOf(plain, plain.length - missing));
            assertThat(((Candidate) reader.next()).url()).isEqualTo("http://1/");
            assertThatThrownBy(() -> drain(reader))
                    .isInstanceOfSatisfying(
                            SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(Rejection.BROKEN_OFF));
        }
    }

    @Test
    void readsArc() throws IOException {
        byte[] page = http("text/html", page("an old page"), StandardCharsets.ISO_8859_1);
        byte[] info =
                SampleFiles.bytes("1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n");
        byte[] arc = joined(
                SampleFiles.bytes("filedesc://a.arc.gz 0.0.0.0 19970101000000 text/plain " + info.length + "\n"),
                info,
                SampleFiles.bytes("\nhttp://old.example/a b 10.0.0.1 19970102030405 text/html " + page.length + "\n"),
                page,
                SampleFiles.bytes("\nhttp://v2.example/ 10.0.0.1 20000102030405 text/html 200 sum - 77 a.arc "
                        + (page.length + 900) + "\n"),
                page,
                SampleFiles.bytes("\ndns:old.example 10.0.0.1 19970102030405 text/dns 4\nhost\n"));
        for (RecordReader reader : List.of(open("a.arc", arc), open("a.arc.gz", gzip(arc)))) {
            assertThat(reader.next()).isEqualTo(new PassedOver("warcinfo"));
            Candidate first = (Candidate) reader.next();
            assertThat(first.url()).isEqualTo("http://old.example/a b");
            assertThat(first.date()).isEqualTo("1997-01-02T03:04:05Z");
            assertThat(first.text()).isEqualTo("Title\n\nan old page");
            Candidate second = (Candidate) reader.next();
            assertThat(second.url()).isEqualTo("http://v2.example/");
            assertThat(second.metadata()).containsKey("contentLength");
            assertThat(reader.next()).isEqualTo(new PassedOver("other-content"));
            assertThat(reader.next()).isNull();
        }
    }

    /** The content type in an ARC is the one the server sent, or no-type. */
    @Test
    void findsAPageOfAnArcWithoutAType() throws IOException {
        byte[] page = http("Server: x", SampleFiles.bytes(page("no type")));
        byte[] other = http("Server: x", SampleFiles.bytes("what is this"));
        byte[] arc = joined(
                SampleFiles.bytes("http://a/ 10.0.0.1 19970102030405 no-type " + page.length + "\n"),
                page,
                SampleFiles.bytes("\nhttp://b/ 10.0.0.1 19970102030405 no-type " + other.length + "\n"),
                other,
                SampleFiles.bytes("\n"));
        assertThat(words(open("a.arc", arc))).containsExactly("http://a/ Title\n\nno type", "other-content");
    }

    @Test
    void checksThatTheContentFitsTheName() throws IOException {
        byte[] wet = new SampleCrawl("\n")
                .conversion("http://1/", "a text that is long enough", 0)
                .bytes();
        assertThat(words(open("a.warc.wet.txt", wet))).containsExactly("http://1/ a text that is long enough");
        assertThat(words(open("b.warc.wet.zst", Zstd.compress(wet)))).hasSize(1);
        assertThat(words(open("notes.txt", SampleFiles.bytes("WARC/1.0")))).containsExactly("null WARC/1.0");
        assertThat(words(open("none.warc", new byte[0]))).isEmpty();
        byte[] skippable = joined(new byte[] {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4}, Zstd.compress(wet));
        assertThat(words(open("c.warc.wet.zst", skippable))).hasSize(1);
        byte[] dictionary = skippable.clone();
        dictionary[0] = 0x5d;
        byte[] lz4 = joined(new byte[] {4, 0x22, 0x4d, 0x18}, wet);
        for (RefusedFile refused : List.of(
                new RefusedFile("a.warc", SampleFiles.bytes("{\"text\":\"t\"}\n"), Rejection.NOT_AS_NAMED),
                new RefusedFile("a.arc", wet, Rejection.NOT_AS_NAMED),
                new RefusedFile("a.warc.gz", lz4, Rejection.NOT_AS_NAMED),
                new RefusedFile("a.warc.gz", wet, Rejection.NOT_AS_NAMED),
                new RefusedFile("a.warc.gz", dictionary, Rejection.NOT_AS_NAMED))) {
            assertThatThrownBy(() -> open(refused.name(), refused.content()))
                    .as(refused.name())
                    .isInstanceOfSatisfying(
                            SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(refused.reason()));
        }
    }

    private record RefusedFile(String name, byte[] content, Rejection reason) {}

    private RecordReader open(String name, byte[] content, String... assignments) throws IOException {
        LocalFile file = LocalFile.of(SampleFiles.write(folder.resolve(name), content));
        return SampleOpener.with(assignments).open(file, bytes -> {});
    }

    private static void drain(RecordReader reader) throws IOException {
        while (reader.next() != null) {
            // to the end
        }
    }
}

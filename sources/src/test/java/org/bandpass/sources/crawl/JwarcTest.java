package org.bandpass.sources.crawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.sources.SampleCrawl.gzip;
import static org.bandpass.sources.SampleCrawl.http;
import static org.bandpass.sources.SampleCrawl.page;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bandpass.sources.SampleCrawl;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.SampleOpener;
import org.bandpass.sources.crawl.CrawlRecords.CrawlRecord;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.stream.GzipMembers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netpreserve.jwarc.ParsingException;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;

/**
 * Compares with jwarc: both find the same responses in whole archives. Damaged ones, at which jwarc stops, are why archives
 * are read by our own code, see docs/decisions/0012-readers-of-our-own.md.
 */
class JwarcTest {

    private static final Path ROOT = Path.of(System.getProperty("bandpass.root", ".."));
    private static final Path CORPUS = ROOT.resolve("sources/src/test/resources/fuzz-corpus");
    private static final Path CRAWLS = ROOT.resolve("../shared/data/webcrawl").normalize();
    private static final int LONGEST = 32 << 20;

    private record Response(@Nullable String url, int status, ByteBuffer content) {}

    @ParameterizedTest
    @ValueSource(strings = {"crawl.warc", "crawl.warc.gz"})
    void findsTheResponsesOfTheCorpus(String name) throws IOException {
        byte[] archive = Files.readAllBytes(CORPUS.resolve(name));
        assertThat(read(archive)).isEqualTo(readByJwarc(archive)).hasSizeGreaterThanOrEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dolma/warc__sample-0000.warc.gz",
                "dolma/warc__sample-0001.warc.gz",
                "resiliparse/warcfile.warc",
                "resiliparse/warcfile.warc.gz",
                "whirlwind-commoncrawl/whirlwind.warc",
                "whirlwind-commoncrawl/whirlwind.warc.gz"
            })
    void findsTheResponsesOfCrawls(String name) throws IOException {
        assumeTrue(Files.isDirectory(CRAWLS), "skipped: there is no ../shared/data/webcrawl");
        byte[] archive = Files.readAllBytes(CRAWLS.resolve(name));
        assertThat(read(archive)).isEqualTo(readByJwarc(archive)).isNotEmpty();
    }

    /** Without zstd, which jwarc 0.36.0 reads for ever, and deflate, which it reads only without a zlib header. */
    @Test
    void decodesTheSameContents() throws IOException {
        byte[] page = SampleFiles.bytes(page("packed"));
        byte[] chunks = SampleFiles.bytes("5\r\n<p>ab\r\n3;x=y\r\ncde\r\n0\r\n\r\n");
        byte[] archive = new SampleCrawl()
                .response("http://plain/", http("Content-Type: text/html", page))
                .response("http://gzip/", http("Content-Encoding: gzip", gzip(page)))
                .response("http://x-gzip/", http("Content-Encoding: x-gzip", gzip(page)))
                .response("http://chunks/", http("Transfer-Encoding: chunked", chunks))
                .response("http://none/", http("Content-Type: text/html", new byte[0]))
                .response("http://404/", SampleFiles.bytes("HTTP/1.0 404 Not Found\r\nServer: x\r\n\r\n<p>no"))
                .bytes();
        for (byte[] file : List.of(archive, gzip(archive))) {
            assertThat(read(file)).isEqualTo(readByJwarc(file)).hasSize(6);
        }
    }

    @Test
    void readsOnWhereJwarcStops() throws IOException {
        byte[] archive = new SampleCrawl()
                .conversion("http://1/", "first", 0)
                .conversion("http://2/", "a length of characters", -2)
                .conversion("http://3/", "third", 0)
                .bytes();
        assertThatThrownBy(() -> readByJwarc(archive))
                .isInstanceOf(ParsingException.class)
                .hasMessageContaining("invalid WARC record");
        CrawlReader reader = new CrawlReader(
                new ByteArrayInputStream(archive), new WarcFormat(), SampleOpener.bounds(), false, Set.of());
        assertThat(SampleCrawl.words(reader))
                .containsExactly("http://1/ first", "http://2/ a length of characters", "http://3/ third");
    }

    /** jwarc doubles its buffer as long as a header has no end. */
    @Test
    void boundsAHeaderForWhichJwarcTakesMemory() throws IOException {
        byte[] start = SampleFiles.bytes("WARC/1.0\r\nWARC-Type: ");
        byte[] name = new byte[24 << 20];
        Arrays.fill(name, (byte) 'x');
        Bounds bounds = SampleOpener.bounds("ingest.record.max.bytes=100000");

        long jwarc = allocated(() -> new WarcReader(endless(start, name)).next());
        long ours = allocated(() -> {
            try (CrawlReader reader =
                    new CrawlReader(endless(start, name), new WarcFormat(), bounds, false, Set.of())) {
                assertThat(reader.next()).isInstanceOf(SourceRecord.Unusable.class);
            }
        });
        assertThat(jwarc).isGreaterThan(name.length);
        assertThat(ours).isLessThan(name.length / 4);
    }

    private static InputStream endless(byte[] start, byte[] name) {
        return new SequenceInputStream(new ByteArrayInputStream(start), new ByteArrayInputStream(name));
    }

    private interface Reading {
        void run() throws IOException;
    }

    private static long allocated(Reading reading) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            reading.run();
        } catch (IOException e) {
            assertThat(e).isNotNull();
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static List<Response> read(byte[] archive) throws IOException {
        List<Response> responses = new ArrayList<>();
        InputStream in = new ByteArrayInputStream(archive);
        boolean packed = archive[0] == 0x1f;
        try (CrawlRecords records =
                new CrawlRecords(packed ? new GzipMembers(in) : in, new WarcFormat(), SampleOpener.bounds(), packed)) {
            for (CrawlRecord record = records.next(); record != null; record = records.next()) {
                CrawlHeader header = record.header();
                if (header != null && header.type().equals("response")) {
                    CrawledResponse response = CrawledResponse.read(record.block());
                    ByteBuffer content = CrawledBody.decode(response, LONGEST);
                    responses.add(new Response(header.url(), response.status(), copy(content)));
                }
            }
        }
        return responses;
    }

    /** The block of a record is valid only until the next. */
    private static ByteBuffer copy(ByteBuffer content) {
        byte[] bytes = new byte[content.limit()];
        content.get(0, bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static List<Response> readByJwarc(byte[] archive) throws IOException {
        List<Response> responses = new ArrayList<>();
        try (WarcReader reader = new WarcReader(new ByteArrayInputStream(archive))) {
            for (WarcRecord record = reader.next().orElse(null);
                    record != null;
                    record = reader.next().orElse(null)) {
                if (record instanceof WarcResponse response) {
                    byte[] content = response.http().bodyDecoded().stream().readAllBytes();
                    responses.add(
                            new Response(response.target(), response.http().status(), ByteBuffer.wrap(content)));
                }
            }
        }
        return responses;
    }
}

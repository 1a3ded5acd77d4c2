package org.bandpass.sources.crawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.sources.SampleCrawl.http;
import static org.bandpass.sources.SampleCrawl.joined;
import static org.bandpass.sources.SampleCrawl.words;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bandpass.sources.SampleCrawl;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.SampleOpener;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.stream.SlidingBytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Boundaries of large, truncated and hostile records, and how much is read to find them. */
class CrawlRecordsTest {

    private static final int LONGEST = 1_000_000;

    private final Bounds bounds =
            SampleOpener.bounds("ingest.record.max.bytes=" + LONGEST, "ingest.file.max.bytes=100000000");

    @Test
    void refusesARecordOverTheLimitBeforeItIsDecoded() throws IOException {
        byte[] noise = new byte[2 * LONGEST];
        new Random(1).nextBytes(noise);
        String html = "Content-Type: text/html\r\n";
        byte[] packed = SampleCrawl.gzip(noise);
        byte[] chunks = joined(SampleFiles.bytes("2\r\nab\r\n2\r\ncd\r\n" + "1e8480\r\n"), noise);
        SampleCrawl crawl = new SampleCrawl()
                .response("http://1/", http(html + "Content-Encoding: gzip", packed))
                .response("http://2/", http(html + "Transfer-Encoding: chunked", chunks))
                .conversion("http://3/", "third", 0);
        assertThat(words(reader(crawl.bytes())))
                .containsExactly("OVER_RECORD_LIMIT", "OVER_RECORD_LIMIT", "http://3/ third");
    }

    @Test
    void reportsAFileThatBreaksOffWithinARecordOverTheLimit() throws IOException {
        byte[] all = new SampleCrawl()
                .conversion("http://1/", "first", 0)
                .conversion("http://2/", "words ".repeat(LONGEST), 0)
                .bytes();
        for (int kept : new int[] {LONGEST / 2, LONGEST, 2 * LONGEST, all.length - 5}) {
            try (RecordReader reader = reader(Arrays.copyOf(all, kept))) {
                assertThat(reader.next()).isNotNull();
                assertThat(reader.next()).isInstanceOf(SourceRecord.Unusable.class);
                assertThatThrownBy(reader::next)
                        .isInstanceOfSatisfying(
                                SourceFailure.class, e -> assertThat(e.reason()).isEqualTo(Rejection.BROKEN_OFF));
            }
        }
    }

    @Test
    void losesOneRecordToAnUnexpectedException() throws IOException {
        CrawlFormat odd = new OddFormat();
        byte[] crawl = new SampleCrawl()
                .conversion("http://1/", "first", 0)
                .record("odd", "http://2/", "text/plain", new byte[1], 1)
                .conversion("http://3/", "third", 0)
                .bytes();
        List<String> words = words(new CrawlReader(new ByteArrayInputStream(crawl), odd, bounds, false, Set.of()));
        assertThat(words).containsExactly("http://1/ first", "MALFORMED", "http://3/ third");
    }

    @Test
    void readsTheSameWhateverTheSizeOfReads() throws IOException {
        SampleCrawl crawl = new SampleCrawl()
                .conversion("http://1/", "x".repeat(LONGEST), 0)
                .conversion("http://2/", "y".repeat(LONGEST - 1), 0)
                .raw("stray\n" + "\r\n".repeat(2 * LONGEST))
                .conversion("http://3/", "z".repeat(LONGEST), 0)
                .conversion("http://4/", "last", 3);
        List<String> whole = words(reader(crawl.bytes()));
        assertThat(whole.stream().map(word -> word.substring(0, 9)).toList())
                .containsExactly("http://1/", "http://2/", "MALFORMED", "http://3/", "http://4/");
        for (int most : new int[] {1_000, 8_191, 70_000}) {
            InputStream cut = new CountedReads(crawl.bytes(), most);
            assertThat(words(new CrawlReader(cut, new WarcFormat(), bounds, false, Set.of())))
                    .satisfies(words -> assertThat(words.equals(whole)).isTrue());
        }
    }

    @Test
    void readsNoFurtherThanItMust() throws IOException {
        byte[] many = new SampleCrawl().conversion("http://1/", "words", 0).bytes();
        byte[] all = joined(Collections.nCopies(20_000, many).toArray(byte[][]::new));
        CountedReads reads = new CountedReads(all, 1_000);
        CrawlRecords records = new CrawlRecords(reads, new WarcFormat(), bounds, false);
        for (int i = 1; i <= 1_000; i++) {
            assertThat(records.next()).isNotNull();
            assertThat(reads.count).isLessThan(i * (long) many.length + 2_000);
        }
    }

    /** These took over half a minute when the same bytes were scanned again for every record. */
    @Test
    @Timeout(25)
    void scansHostileArchivesOnce() throws IOException {
        byte[] versions = SampleFiles.bytes("WARC/1.0\na:\n".repeat(400_000) + "\n");
        byte[] gaps = SampleFiles.bytes(
                ("WARC/1.0\nWARC-Type: metadata\nContent-Length: 1\n\nx" + "\n".repeat(100_000)).repeat(50));
        // Every length ends in the same gap.
        byte[] far = SampleFiles.bytes(
                "WARC/1.0\nWARC-Type: metadata\nContent-Length: 600000\n\n".repeat(10_000) + "\n".repeat(2_000_000));
        assertThat(words(reader(versions))).isNotEmpty();
        assertThat(words(reader(gaps))).hasSize(50).containsOnly("metadata");
        assertThat(words(reader(far))).hasSize(10_000).containsOnly("metadata");
        byte[] lines = SampleFiles.bytes("a http://x 20000101000000 text/html 9 \n".repeat(200_000));
        byte[] addresses = SampleFiles.bytes(("http:" + " x".repeat(30_000) + " 9\n").repeat(100));
        for (byte[] arc : List.of(lines, addresses)) {
            assertThat(words(new CrawlReader(new ByteArrayInputStream(arc), new ArcFormat(), bounds, false, Set.of())))
                    .containsOnly("MALFORMED");
        }
    }

    private RecordReader reader(byte[] crawl) {
        return new CrawlReader(new ByteArrayInputStream(crawl), new WarcFormat(), bounds, false, Set.of());
    }

    /** Fails on the records of one type. */
    private static final class OddFormat implements CrawlFormat {

        private final CrawlFormat warc = new WarcFormat();

        @Override
        public String name() {
            return warc.name();
        }

        @Override
        public boolean begins(SlidingBytes bytes, int offset) {
            return warc.begins(bytes, offset);
        }

        @Override
        @SuppressWarnings({"NullAway", "DataFlowIssue"})
        public @Nullable CrawlHeader header(SlidingBytes bytes) throws IOException {
            CrawlHeader header = warc.header(bytes);
            return header == null || !header.type().equals("odd")
                    ? header
                    : new CrawlHeader(header.bytes(), header.blockBytes(), null, null, null, null, null, null, null);
        }
    }

    /** Returns few bytes at a time and counts them. */
    private static final class CountedReads extends FilterInputStream {

        private final int most;
        private long count;

        CountedReads(byte[] bytes, int most) {
            super(new ByteArrayInputStream(bytes));
            this.most = most;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, Math.min(most, length));
            count += Math.max(0, read);
            return read;
        }
    }
}

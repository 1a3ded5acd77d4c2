package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.ingest.SampleCrawl.gzip;
import static org.bandpass.ingest.SampleCrawl.http;
import static org.bandpass.ingest.SampleCrawl.joined;
import static org.bandpass.ingest.SampleCrawl.page;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/** What servers do to contents to send them, and the charsets that pages are in. */
class PageContentTest {

    private static final String RUSSIAN =
            "Съешь же ещё этих мягких французских булок, да выпей чаю. Всё это по-русски.";

    @Test
    void undoesWhatServersDoToContents() throws IOException {
        byte[] page = SampleFiles.bytes(page("packed"));
        ByteArrayOutputStream zlib = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(zlib)) {
            out.write(page);
        }
        byte[] bare = Arrays.copyOfRange(zlib.toByteArray(), 2, zlib.size() - 4);
        String html = "Content-Type: text/html\r\n";
        SampleCrawl crawl = new SampleCrawl()
                .response("http://gzip/", http(html + "Content-Encoding: gzip", gzip(page)))
                .response("http://zlib/", http(html + "Content-Encoding: deflate", zlib.toByteArray()))
                .response("http://bare/", http(html + "Content-Encoding: deflate", bare))
                .response("http://zstd/", http(html + "Content-Encoding: zstd", Zstd.compress(page)))
                .response("http://undone/", http(html + "Content-Encoding: gzip", page))
                .response("http://br-undone/", http(html + "Content-Encoding: br", page))
                .response("http://chunks/", http(html + "Transfer-Encoding: chunked", chunked(page, 7)))
                .response(
                        "http://both/",
                        http(html + "Transfer-Encoding: chunked\r\nContent-Encoding: gzip", chunked(gzip(page), 9)))
                .response("http://joined/", http(html + "Transfer-Encoding: chunked", page));
        assertThat(words(crawl)).hasSize(9).allMatch(word -> word.endsWith("Title\n\npacked"));

        byte[] cut = Arrays.copyOf(chunked(page, 7), 30);
        byte[] damaged = gzip(page);
        damaged[20] ^= 0x55;
        byte[] bomb = gzip(new byte[40 << 20]);
        SampleCrawl broken = new SampleCrawl()
                .response("http://cut/", http(html + "Transfer-Encoding: chunked", cut))
                .response("http://damaged/", http(html + "Content-Encoding: gzip", damaged))
                .response("http://no-brotli/", http(html + "Content-Encoding: br", new byte[] {1, 2, 3, 4}))
                .response("http://bomb/", http(html + "Content-Encoding: gzip", bomb));
        assertThat(words(broken)).containsExactly("MALFORMED", "MALFORMED", "MALFORMED", "OVER_RECORD_LIMIT");
    }

    @Test
    void readsBrotli() throws IOException {
        // "<p>hello brotli</p>" as one uncompressed meta-block: window 16, last empty meta-block 0x03.
        byte[] text = SampleFiles.bytes("<p>hello brotli</p>");
        int header = (text.length - 1) << 4 | 1 << 20;
        byte[] stream =
                joined(new byte[] {(byte) header, (byte) (header >> 8), (byte) (header >> 16)}, text, new byte[] {3});
        byte[] response = http("Content-Type: text/html\r\nContent-Encoding: br", stream);
        assertThat(words(new SampleCrawl().response("http://br/", response)))
                .containsExactly("http://br/ hello brotli");
    }

    @Test
    void decodesWhateverCharsetIsMeant() throws IOException {
        Charset cyrillic = Charset.forName("windows-1251");
        String said = "<meta charset=windows-1251>" + page(RUSSIAN);
        SampleCrawl crawl = new SampleCrawl()
                .response("http://header/", http("text/html; charset=\"windows-1251\"", page(RUSSIAN), cyrillic))
                .response("http://meta/", http("text/html", said, cyrillic))
                .response("http://none/", http("text/html", page(RUSSIAN.repeat(5)), cyrillic))
                .response(
                        "http://utf-8-as-latin/",
                        http("text/html; charset=iso-8859-1", page(RUSSIAN), StandardCharsets.UTF_8))
                .response("http://cyrillic-as-utf-8/", http("text/html; charset=utf-8", said, cyrillic))
                .response(
                        "http://unknown/", http("text/html; charset=none-such", page(RUSSIAN), StandardCharsets.UTF_8))
                .response("http://utf-16/", http("text/html", "\ufeff" + page(RUSSIAN), StandardCharsets.UTF_16LE))
                .response(
                        "http://mark/",
                        http("text/html; charset=koi8-r", "\ufeff" + page(RUSSIAN), StandardCharsets.UTF_8));
        assertThat(words(crawl)).hasSize(8).allMatch(word -> word.contains(RUSSIAN));

        SampleCrawl more = new SampleCrawl()
                .response(
                        "http://gb/",
                        http(
                                "text/html; charset=gb2312",
                                page("\u4e2d\u6587\u7f51\u9875\u955c"),
                                Charset.forName("GBK")))
                .response(
                        "http://latin/",
                        http(
                                "text/html; charset=iso-8859-1",
                                page("caf\u00e9 \u2013 \u20ac"),
                                Charset.forName("windows-1252")))
                .response("http://one/", http("text/html; charset=latin1", page("f\u00fcr"), StandardCharsets.UTF_8))
                .response(
                        "http://jp/",
                        http(
                                "text/html",
                                page("\u65e5\u672c\u8a9e\u306e\u6587\u7ae0"),
                                Charset.forName("ISO-2022-JP")));
        assertThat(words(more))
                .containsExactly(
                        "http://gb/ Title\n\n\u4e2d\u6587\u7f51\u9875\u955c",
                        "http://latin/ Title\n\ncaf\u00e9 \u2013 \u20ac",
                        "http://one/ Title\n\nf\u00fcr",
                        "http://jp/ Title\n\n\u65e5\u672c\u8a9e\u306e\u6587\u7ae0");

        byte[] neither = joined(SampleFiles.bytes(page(RUSSIAN)), new byte[] {(byte) 0xff, 'a', (byte) 0x81, 'b'});
        byte[] response = http("Content-Type: text/html; charset=utf-8", neither);
        assertThat(words(new SampleCrawl().response("http://x/", response))).containsExactly("BAD_ENCODING");
    }

    private static List<String> words(SampleCrawl crawl) throws IOException {
        return SampleCrawl.words(new CrawlReader(
                new ByteArrayInputStream(crawl.bytes()),
                new WarcFormat(),
                IngestSettingsTest.parse().bounds()));
    }

    private static byte[] chunked(byte[] content, int size) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int at = 0; at < content.length; at += size) {
            byte[] chunk = Arrays.copyOfRange(content, at, Math.min(content.length, at + size));
            chunks.writeBytes(SampleFiles.bytes(Integer.toHexString(chunk.length) + ";x=y\r\n"));
            chunks.writeBytes(chunk);
            chunks.writeBytes(SampleFiles.bytes("\r\n"));
        }
        chunks.writeBytes(SampleFiles.bytes("0\r\n\r\n"));
        return chunks.toByteArray();
    }
}

package org.bandpass.sources.crawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bandpass.sources.SampleCrawl.gzip;
import static org.bandpass.sources.SampleCrawl.http;
import static org.bandpass.sources.SampleCrawl.joined;
import static org.bandpass.sources.SampleCrawl.page;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;
import org.bandpass.sources.SampleCrawl;
import org.bandpass.sources.SampleFiles;
import org.bandpass.sources.SampleOpener;
import org.junit.jupiter.api.Test;

/** Transfer and content encodings of servers, and charsets of pages. */
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

        byte[] cut = Arrays.copyOf(chunked(page, 7), 40);
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
    void keepsContentThatIsAlreadyDecoded() throws IOException {
        String chunks = "Content-Type: text/plain\r\nTransfer-Encoding: chunked";
        List<String> texts = List.of(
                "A quick brown\nfox jumps over the lazy dog, and again.",
                "12 monkeys\nand others that were seen on the way to the top",
                "0 degrees\r\n\r\nis where water freezes",
                "0\r\nis a number",
                "5\r\nhello, and more",
                "5\r\nhello\r\nand more",
                "3;x\nabc\ndef");
        SampleCrawl crawl = new SampleCrawl();
        texts.forEach(text -> crawl.response("http://x/", http(chunks, SampleFiles.bytes(text))));
        assertThat(words(crawl))
                .containsExactlyElementsOf(
                        texts.stream().map(text -> "http://x/ " + text).toList());

        byte[] marked = SampleFiles.bytes("\ufeff" + page("packed"));
        String html = "Content-Type: text/html\r\n";
        SampleCrawl more = new SampleCrawl()
                .response("http://br/", http(html + "Content-Encoding: br", marked))
                .response("http://deflate/", http(html + "Content-Encoding: deflate", marked))
                .response("http://gzip/", http(html + "Content-Encoding: deflate", gzip(marked)))
                .response(
                        "http://padded/",
                        http(html + "Transfer-Encoding: chunked", SampleFiles.bytes("6  \n<p>abc\n2\nde\n0\n\n")))
                .response("http://none/", http(html + "Transfer-Encoding: chunked", SampleFiles.bytes("0\r\n\r\n")))
                .response("http://cut/", http(html + "Transfer-Encoding: chunked", SampleFiles.bytes("2\r\nab\r\n")));
        assertThat(words(more))
                .containsExactly(
                        "http://br/ Title\n\npacked",
                        "http://deflate/ Title\n\npacked",
                        "http://gzip/ Title\n\npacked",
                        "http://padded/ abcde",
                        "NO_TEXT",
                        "MALFORMED");
    }

    @Test
    void keepsATextThatIsEncodedOnlyAccordingToItsHeader() throws IOException {
        String plain = "Content-Type: text/plain; charset=";
        // Some of these begin like whole streams of Brotli, and one is longer than the checked start.
        for (String text : List.of(
                RUSSIAN,
                "now it is undone, and was before",
                "Fine words of any length",
                "x^ is a power of x",
                RUSSIAN.repeat(50),
                "1")) {
            for (String encoding : List.of("br", "deflate", "gzip", "zstd", "br, br")) {
                SampleCrawl crawl = new SampleCrawl();
                for (String charset : List.of("utf-8", "windows-1251")) {
                    String header = plain + charset + "\r\nContent-Encoding: " + encoding;
                    crawl.response("http://x/", http(header, text.getBytes(Charset.forName(charset))));
                }
                assertThat(words(crawl)).as(encoding).containsExactly("http://x/ " + text, "http://x/ " + text);
            }
        }
        byte[] damaged = gzip(SampleFiles.bytes(RUSSIAN.repeat(9)));
        SampleCrawl broken = new SampleCrawl();
        for (String encoding : List.of("br", "deflate")) {
            byte[] bytes = Arrays.copyOfRange(damaged, 11, damaged.length);
            broken.response("http://x/", http(plain + "windows-1251\r\nContent-Encoding: " + encoding, bytes));
        }
        assertThat(words(broken)).containsExactly("MALFORMED", "MALFORMED");
    }

    @Test
    void undoesTransferEncodings() throws IOException {
        byte[] page = SampleFiles.bytes(page("packed"));
        String html = "Content-Type: text/html\r\n";
        SampleCrawl crawl = new SampleCrawl()
                .response("http://1/", http(html + "Transfer-Encoding: gzip, chunked", chunked(gzip(page), 9)))
                .response("http://2/", http(html + "Transfer-Encoding: gzip", gzip(page)))
                .response(
                        "http://3/",
                        http(
                                html + "Transfer-Encoding: gzip, chunked\r\nContent-Encoding: zstd",
                                chunked(gzip(Zstd.compress(page)), 9)))
                .response(
                        "http://4/",
                        http(
                                html + "Transfer-Encoding: gzip, chunked\r\nContent-Encoding: gzip",
                                chunked(gzip(page), 9)));
        assertThat(words(crawl)).hasSize(4).allMatch(word -> word.endsWith("Title\n\npacked"));
    }

    @Test
    void ignoresBytesAfterGzip() throws IOException {
        byte[] page = SampleFiles.bytes(page("packed"));
        String html = "Content-Type: text/html\r\nContent-Encoding: ";
        SampleCrawl crawl = new SampleCrawl();
        for (String tail : List.of("junk", "\0\0\0junk", "\r\n", "\0")) {
            byte[] followed = joined(gzip(page), SampleFiles.bytes(tail));
            crawl.response("http://x/", http(html + "gzip", followed))
                    .response("http://x/", http(html + "deflate", followed));
        }
        assertThat(words(crawl)).hasSize(8).containsOnly("http://x/ Title\n\npacked");
    }

    @Test
    void recognisesAPageByAnyContentType() throws IOException {
        byte[] page = SampleFiles.bytes(page("named"));
        byte[] doctype = SampleFiles.bytes("\ufeff\n<!DOCTYPE html>" + page("named"));
        SampleCrawl crawl = new SampleCrawl()
                .response("http://1/", http("Content-Type: text/html charset=utf-8", page))
                .response("http://2/", http("Content-Type: text/html,charset=utf-8", page))
                .response("http://3/", http("Content-Type: text/html, text/html; charset=utf-8", page))
                .response("http://4/", http("Server: x", doctype))
                .response("http://5/", http("Server: x\r\nContent-Encoding: gzip", gzip(doctype)))
                .raw(identified("text/html", "text/plain", page("named")))
                .response("http://7/", http("Server: x", SampleFiles.bytes("%PDF <html>")))
                .raw(identified("application/pdf", "text/plain", "as said"));
        assertThat(words(crawl))
                .containsExactly(
                        "http://1/ Title\n\nnamed",
                        "http://2/ Title\n\nnamed",
                        "http://3/ Title\n\nnamed",
                        "http://4/ Title\n\nnamed",
                        "http://5/ Title\n\nnamed",
                        "null Title\n\nnamed",
                        "other-content",
                        "null as said");
        assertThat(MediaType.read("Text/HTML, text/html charset = 'KOI8-R'"))
                .isEqualTo(new MediaType("text/html", "KOI8-R"));
        assertThat(MediaType.read(" ; charset=utf-8")).isNull();
    }

    @Test
    void recognisesAPageWithoutAContentType() throws IOException {
        String xml = "<?xml version=\"1.0\"?>";
        List<String> starts = List.of(
                "<!-- a > b -->\n<!DOCTYPE html>",
                xml + "\n<!DOCTYPE html PUBLIC \"x\">",
                "\ufeff " + xml + "<!--\n--> <!---->",
                "");
        SampleCrawl crawl = new SampleCrawl();
        for (String start : starts) {
            String body = start + page("unsaid");
            crawl.response("http://x/", http("Server: x", SampleFiles.bytes(body)))
                    .raw(untyped("resource", body))
                    .raw(untyped("conversion", body));
        }
        assertThat(words(crawl)).hasSize(12).allMatch(word -> word.endsWith(" Title\n\nunsaid"));

        SampleCrawl others = new SampleCrawl();
        List<String> bodies = List.of(
                xml + "<rss><html>", "<!-- " + page("inside"), "a text <html>", "<?xml", "<!--".repeat(2_000), "");
        for (String body : bodies) {
            others.response("http://x/", http("Server: x", SampleFiles.bytes(body)))
                    .raw(untyped("resource", body));
        }
        assertThat(words(others)).hasSize(2 * bodies.size()).containsOnly("other-content");
    }

    private static String untyped(String type, String block) {
        return "WARC/1.0\r\nWARC-Type: " + type + "\r\nContent-Length: " + SampleFiles.bytes(block).length + "\r\n\r\n"
                + block + "\r\n\r\n";
    }

    private static String identified(String by, String declared, String body) {
        String http = "HTTP/1.1 200 OK\r\nContent-Type: " + declared + "\r\n\r\n" + body;
        return "WARC/1.0\r\nWARC-Type: response\r\nWARC-Identified-Payload-Type: " + by + "\r\nContent-Length: "
                + http.length() + "\r\n\r\n" + http + "\r\n\r\n";
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
    void decodesDeclaredAndWrongCharsets() throws IOException {
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

        byte[] neither = joined(
                SampleFiles.bytes(page(RUSSIAN)),
                new byte[] {(byte) 0xff, 'a', (byte) 0x81, 'b', (byte) 0xff, (byte) 0xff});
        byte[] response = http("Content-Type: text/html; charset=utf-8", neither);
        assertThat(words(new SampleCrawl().response("http://x/", response))).containsExactly("BAD_ENCODING");
    }

    private static List<String> words(SampleCrawl crawl) throws IOException {
        return SampleCrawl.words(new CrawlReader(
                new ByteArrayInputStream(crawl.bytes()), new WarcFormat(), SampleOpener.bounds(), false, Set.of()));
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

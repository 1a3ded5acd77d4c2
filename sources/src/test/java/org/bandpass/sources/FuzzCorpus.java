package org.bandpass.sources;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.bandpass.sources.SampleParquet.Manner;

/**
 * Small files of every format, from which damaged ones are made. They are in git, so that a seed means the same
 * everywhere; {@link #main} wrote them to the folder that is its argument. Files that broke a reader are added as damaged-….
 */
final class FuzzCorpus {

    private FuzzCorpus() {}

    /** Returns the files by name. */
    static Map<String, byte[]> read() throws IOException {
        Path folder = Path.of(System.getProperty("bandpass.root", ".."), "sources/src/test/resources/fuzz-corpus");
        Map<String, byte[]> corpus = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                corpus.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return corpus;
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        String lines = SampleFiles.lines("a text", 0, 5)
                + SampleFiles.line(Map.of(
                        "text", "with more", "id", "https://example.org/", "meta", Map.of("pile_set_name", "Books3")))
                + "\n\n{broken\n{\"text\":\"\\ud83d\"}\n" + SampleFiles.line("gr\u00fcn \ud83d\ude00");
        SampleFiles.write(folder.resolve("lines.jsonl"), lines);
        SampleFiles.write(folder.resolve("lines.jsonl.gz"), SampleFiles.gzip(lines, lines));
        SampleFiles.write(folder.resolve("lines.jsonl.zst"), SampleFiles.zstd(lines));
        SampleFiles.write(folder.resolve("text.txt"), "\ufeffwords\nand more \u00e9 words\n");
        SampleFiles.write(folder.resolve("text.txt.gz"), SampleFiles.gzip("words", " and more"));
        byte[] crawl = crawl();
        SampleFiles.write(folder.resolve("crawl.warc"), crawl);
        SampleFiles.write(
                folder.resolve("crawl.warc.gz"), SampleCrawl.joined(SampleCrawl.gzip(crawl), SampleCrawl.gzip(crawl)));
        byte[] texts = new SampleCrawl("\n")
                .conversion("http://a/", "a text\n\nof paragraphs", 0)
                .conversion("http://b/", "of a wrong length", 7)
                .conversion("http://c/", "of another wrong length", -4)
                .bytes();
        SampleFiles.write(folder.resolve("texts.warc.wet"), texts);
        SampleFiles.write(folder.resolve("texts.warc.wet.txt"), texts);
        SampleFiles.write(folder.resolve("old.arc"), arc());
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(
                "a/B.java",
                SampleFiles.bytes("/* Licensed */\npackage a;\n/** Says what. */\nclass B { /* x */ int c; }\n"));
        entries.put("LICENSE", SampleFiles.bytes("May be used."));
        entries.put("m.properties", SampleFiles.bytes("a = b\n"));
        SampleFiles.write(folder.resolve("code-sources.jar"), SampleFiles.zip(entries));
        for (CompressionCodecName codec : SampleParquet.codecs()) {
            Manner manner = new Manner(
                    codec,
                    codec == CompressionCodecName.SNAPPY ? WriterVersion.PARQUET_1_0 : WriterVersion.PARQUET_2_0,
                    codec != CompressionCodecName.GZIP,
                    1 << 10,
                    256);
            SampleParquet.write(
                    folder.resolve("table-" + codec.name().toLowerCase(java.util.Locale.ROOT) + ".parquet"),
                    manner,
                    SampleParquet.PILE,
                    40,
                    SampleParquet::pile);
        }
    }

    private static byte[] crawl() {
        byte[] page =
                SampleFiles.bytes("<html lang=de><body><nav><a href=/>x</a></nav><h1>T</h1><ul><li>one<li>two</ul>"
                        + "<table><tr><td>a<td>b</table><pre>c\n d</pre><p>&auml;<br>e</p></body>");
        return new SampleCrawl()
                .record("warcinfo", "-", "application/warc-fields", new byte[3], 3)
                .page("http://a/", "some words")
                .response(
                        "http://b/",
                        SampleCrawl.http("Content-Type: text/html\r\nContent-Encoding: gzip", SampleCrawl.gzip(page)))
                .response(
                        "http://c/",
                        SampleCrawl.http(
                                "Content-Type: text/html\r\nTransfer-Encoding: chunked",
                                SampleFiles.bytes("5\r\n<p>ab\r\n3\r\ncde\r\n0\r\n\r\n")))
                .response(
                        "http://d/",
                        SampleCrawl.http(
                                "text/html", "<meta charset=koi8-r><p>\u043c\u0438\u0440", Charset.forName("koi8-r")))
                .response("http://e/", SampleCrawl.http("image/png", "no image", StandardCharsets.UTF_8))
                .record("resource", "http://f/", "text/plain", SampleFiles.bytes("plain"), 5)
                .bytes();
    }

    private static byte[] arc() {
        String info = "1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n";
        byte[] page = SampleCrawl.http("text/html", "<p>old words", StandardCharsets.ISO_8859_1);
        return SampleCrawl.joined(
                SampleFiles.bytes(
                        "filedesc://a 0.0.0.0 19970101000000 text/plain " + info.length() + "\n" + info + "\n"),
                SampleFiles.bytes("http://a/ 10.0.0.1 19970102030405 text/html " + page.length + "\n"),
                page,
                SampleFiles.bytes("\nhttp://b/ 10.0.0.1 19970102030405 text/html " + page.length + "\n"),
                page);
    }
}

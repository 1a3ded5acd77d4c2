package org.bandpass.sources;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.PassedOver;
import org.bandpass.sources.record.SourceRecord.Unusable;

/** Archives of crawls for tests, made byte by byte, so that they can be invalid. */
public final class SampleCrawl {

    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final String lineEnd;

    public SampleCrawl() {
        this("\r\n");
    }

    public SampleCrawl(String lineEnd) {
        this.lineEnd = lineEnd;
    }

    /** Returns a page with a heading and a paragraph. */
    public static String page(String words) {
        return "<html><head><title>t</title></head><body><h1>Title</h1><p>" + words + "</p></body></html>";
    }

    public static byte[] http(String header, byte[] body) {
        return joined(SampleFiles.bytes("HTTP/1.1 200 OK\r\n" + header + "\r\n\r\n"), body);
    }

    public static byte[] http(String contentType, String body, Charset charset) {
        return http("Content-Type: " + contentType, body.getBytes(charset));
    }

    public static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** Adds a response of HTML in UTF-8 with these words. */
    public SampleCrawl page(String url, String words) {
        return response(url, http("text/html; charset=utf-8", page(words), StandardCharsets.UTF_8));
    }

    public SampleCrawl response(String url, byte[] http) {
        return record("response", url, "application/http; msgtype=response", http, http.length);
    }

    public SampleCrawl record(String type, String url, String contentType, byte[] block, long declared) {
        String header = String.join(
                lineEnd,
                "WARC/1.0",
                "WARC-Type: " + type,
                "WARC-Target-URI: " + url,
                "WARC-Date: 2024-01-02T03:04:05Z",
                "WARC-Record-ID: <urn:uuid:" + url.hashCode() + ">",
                "Content-Type: " + contentType,
                "Content-Length: " + declared,
                "",
                "");
        all.writeBytes(SampleFiles.bytes(header));
        all.writeBytes(block);
        return raw(lineEnd + lineEnd);
    }

    public SampleCrawl conversion(String url, String text, long moreThanIsThere) {
        byte[] block = SampleFiles.bytes(text);
        return record("conversion", url, "text/plain", block, block.length + moreThanIsThere);
    }

    public SampleCrawl raw(String bytes) {
        all.writeBytes(SampleFiles.bytes(bytes));
        return this;
    }

    public byte[] bytes() {
        return all.toByteArray();
    }

    /** Returns the address and text, the reason, or the kind of each record; closes the reader. */
    public static List<String> words(RecordReader opened) throws IOException {
        List<String> words = new ArrayList<>();
        try (RecordReader reader = opened) {
            for (SourceRecord record = reader.next(); record != null; record = reader.next()) {
                words.add(word(record));
            }
        }
        return words;
    }

    private static String word(SourceRecord record) {
        if (record instanceof Candidate candidate) {
            return (candidate.domain() == null && candidate.url() == null ? "null" : candidate.url()) + " "
                    + candidate.text();
        }
        return record instanceof Unusable unusable ? unusable.reason().name() : ((PassedOver) record).kind();
    }
}

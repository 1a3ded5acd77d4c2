package org.bandpass.sources.crawl;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.bandpass.sources.charset.PageCharset;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.GzipMembers;
import org.brotli.dec.BrotliInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Undoes the transfer and content encodings of a response. Many crawlers store decoded content with its original header,
 * so a declared encoding counts only where the content agrees: text is not encoded.
 */
final class CrawledBody {

    /** More nested encodings are an attack. */
    private static final int MOST_ENCODINGS = 4;

    private static final int GZIP = 0x1f8b;
    private static final int ZSTD = 0x28b5;

    /** Encoded content does not begin with this many bytes of UTF-8 without control characters. */
    private static final int TEXT_BYTES = 32;

    private static final int START_BYTES = 1 << 10;

    private static final String WHITE_SPACE = "\t\n\f\r";

    private CrawledBody() {}

    /** Returns the decoded content; fails if it is damaged, or longer than {@code longest} bytes. */
    static ByteBuffer decode(CrawledResponse response, int longest) throws SourceFailure {
        ByteBuffer body = response.body();
        List<String> transfers = response.fields().list("Transfer-Encoding");
        if (transfers.contains("chunked")) {
            body = Chunks.join(body);
        }
        // Transfer encodings are applied after content encodings.
        List<String> encodings = Stream.concat(response.fields().list("Content-Encoding").stream(), transfers.stream())
                .filter(encoding -> !encoding.equals("chunked"))
                .toList();
        MediaType type = MediaType.read(response.fields().get("Content-Type"));
        String charset = type == null ? null : type.charset();
        for (int i = encodings.size() - 1; i >= Math.max(0, encodings.size() - MOST_ENCODINGS); i--) {
            body = decode(body, encodings.get(i), charset, longest);
        }
        return body;
    }

    private static ByteBuffer decode(ByteBuffer body, String encoding, @Nullable String charset, int longest)
            throws SourceFailure {
        try (InputStream in = decoder(body, encoding)) {
            if (in == null) {
                return body;
            }
            byte[] content = in.readNBytes(longest + 1);
            if (content.length > longest) {
                throw new SourceFailure(
                        Rejection.OVER_RECORD_LIMIT,
                        "a content of more than " + longest + " bytes; see " + Bounds.RECORD_BYTES);
            }
            return ByteBuffer.wrap(content);
        } catch (SourceFailure e) {
            throw e;
        } catch (IOException | IllegalStateException e) {
            if (isReadable(PageCharset.EXACT.decode(body, charset))) {
                return body;
            }
            throw new SourceFailure(Rejection.MALFORMED, "its " + encoding + " encoding is damaged", e);
        }
    }

    /** Returns a stream of the decoded content, or null where the content is not encoded. */
    private static @Nullable InputStream decoder(ByteBuffer body, String encoding) throws IOException {
        int first = body.remaining() > 1 ? body.getShort(0) & 0xffff : 0;
        return switch (encoding) {
            case "gzip", "x-gzip" -> first == GZIP ? gunzip(body) : null;
            case "zstd" -> first == ZSTD ? new ZstdInputStream(stream(body)) : null;
            case "deflate" -> isText(body) ? null : inflate(body, first);
            case "br" -> isText(body) ? null : new BrotliInputStream(stream(body));
            default -> null;
        };
    }

    /** The name means zlib (RFC 9110), but some servers send bare deflate, or gzip. */
    private static InputStream inflate(ByteBuffer body, int first) {
        if (first == GZIP) {
            return gunzip(body);
        }
        boolean zlib = (first & 0x0f00) == 0x0800 && first % 31 == 0;
        return new InflaterInputStream(stream(body), new Inflater(!zlib));
    }

    /** Like browsers, ignores bytes after the last member. */
    private static InputStream gunzip(ByteBuffer body) {
        return new GzipMembers(stream(body), true);
    }

    private static boolean isText(ByteBuffer body) {
        boolean marked = body.limit() > 2 && (body.getShort(0) & 0xffff) == 0xefbb && body.get(2) == (byte) 0xbf;
        int at = marked ? 3 : 0;
        while (at < body.limit() && Character.isWhitespace(body.get(at))) {
            at++;
        }
        if (at == body.limit() || body.get(at) == '<') {
            return true;
        }
        ByteBuffer start = body.slice(0, Math.min(body.limit(), START_BYTES));
        CharBuffer text = CharBuffer.allocate(start.limit());
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(start, text, false);
        return start.limit() >= TEXT_BYTES && result.isUnderflow() && isReadable(text.flip());
    }

    private static boolean isReadable(@Nullable CharSequence text) {
        return text != null && text.chars().noneMatch(c -> Character.isISOControl(c) && WHITE_SPACE.indexOf(c) < 0);
    }

    private static InputStream stream(ByteBuffer body) {
        return new ByteArrayInputStream(body.array(), body.arrayOffset(), body.limit());
    }
}

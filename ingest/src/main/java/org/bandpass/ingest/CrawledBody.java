package org.bandpass.ingest;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.brotli.dec.BrotliInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Undoes what a server did to a content to send it. Many crawlers keep the header as it was but the content already
 * undone; so what a header says counts only where the content agrees.
 */
final class CrawledBody {

    /** More encodings upon each other are an attack. */
    private static final int MOST_ENCODINGS = 4;

    private static final int GZIP = 0x1f8b;
    private static final int ZSTD = 0x28b5;

    private CrawledBody() {}

    /**
     * Returns the content.
     *
     * @param longest longest content that is held, bytes
     * @throws RecordFailure if it is damaged or too long
     */
    static ByteBuffer decode(CrawledResponse response, int longest) throws RecordFailure {
        ByteBuffer body = response.body();
        if (response.fields().list("Transfer-Encoding").contains("chunked")) {
            body = Chunks.join(body);
        }
        List<String> encodings = response.fields().list("Content-Encoding");
        for (int i = encodings.size() - 1; i >= Math.max(0, encodings.size() - MOST_ENCODINGS); i--) {
            body = decode(body, encodings.get(i), longest);
        }
        return body;
    }

    private static ByteBuffer decode(ByteBuffer body, String encoding, int longest) throws RecordFailure {
        try (InputStream in = decoder(body, encoding)) {
            if (in == null) {
                return body;
            }
            byte[] content = in.readNBytes(longest + 1);
            if (content.length > longest) {
                throw new RecordFailure(
                        Rejection.OVER_RECORD_LIMIT,
                        "a content of more than " + longest + " bytes; see " + IngestSettings.RECORD_BYTES);
            }
            return ByteBuffer.wrap(content);
        } catch (RecordFailure e) {
            throw e;
        } catch (IOException | IllegalStateException e) {
            throw new RecordFailure(Rejection.MALFORMED, "its " + encoding + " encoding is damaged", e);
        }
    }

    /** Returns the decoded content, or null where nothing is encoded. */
    private static @Nullable InputStream decoder(ByteBuffer body, String encoding) throws IOException {
        int first = body.remaining() > 1 ? body.getShort(0) & 0xffff : 0;
        return switch (encoding) {
            case "gzip", "x-gzip" -> first == GZIP ? new GzipMembers(stream(body)) : null;
            case "zstd" -> first == ZSTD ? new ZstdInputStream(stream(body)) : null;
            case "deflate" -> inflater(body, first);
            case "br" -> looksLikeMarkup(body) ? null : new BrotliInputStream(stream(body));
            default -> null;
        };
    }

    /** The name means zlib (RFC 9110), but some servers send bare deflate, or gzip. */
    private static @Nullable InputStream inflater(ByteBuffer body, int first) {
        if (looksLikeMarkup(body)) {
            return null;
        }
        if (first == GZIP) {
            return new GzipMembers(stream(body));
        }
        boolean zlib = (first & 0x0f00) == 0x0800 && first % 31 == 0;
        return new InflaterInputStream(stream(body), new Inflater(!zlib));
    }

    private static boolean looksLikeMarkup(ByteBuffer body) {
        boolean marked = body.limit() > 2 && (body.getShort(0) & 0xffff) == 0xefbb && body.get(2) == (byte) 0xbf;
        int at = marked ? 3 : 0;
        while (at < body.limit() && Character.isWhitespace(body.get(at))) {
            at++;
        }
        return at == body.limit() || body.get(at) == '<';
    }

    private static InputStream stream(ByteBuffer body) {
        return new ByteArrayInputStream(body.array(), body.arrayOffset(), body.limit());
    }
}

package org.bandpass.sources.crawl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CoderMalfunctionError;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.bandpass.sources.charset.PageCharset;
import org.bandpass.sources.crawl.CrawlRecords.CrawlRecord;
import org.bandpass.sources.page.PagePart;
import org.bandpass.sources.page.ReadablePage;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.RecordReader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.PassedOver;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.jspecify.annotations.Nullable;

/**
 * Reads the archive of a crawl (WARC, WET, WAT, ARC): the readable text of HTML pages, and plain texts as they are. Each
 * record is a position, whatever it holds.
 */
public final class CrawlReader implements RecordReader {

    /** The beginning of a page without a declared type: byte order mark, XML declaration, comments, then its tag. */
    private static final Pattern HTML =
            Pattern.compile("(?is)(?:\u00ef\u00bb\u00bf)?\\s*+(?:(?:<\\?xml\\b[^>]*+>|<!--.*?-->)\\s*+)*+"
                    + "<(?:!doctype\\s+html|html)\\b");

    /** Comments before the page's tag may be licences. */
    private static final int START_BYTES = 4 << 10;

    private static final MediaType PAGE = new MediaType("text/html", null);

    private final CrawlRecords records;
    private final PageCharset pages;
    private final int longest;
    private final Set<PagePart> parts;

    /**
     * Begins before the first record.
     *
     * @param sealed whether the end of the stream is known to be the end of the archive
     * @param parts parts of pages that are kept besides their text
     */
    public CrawlReader(InputStream in, CrawlFormat format, Bounds bounds, boolean sealed, Set<PagePart> parts) {
        this.parts = parts;
        this.records = new CrawlRecords(in, format, bounds, sealed);
        this.pages = new PageCharset(bounds.replacedShare());
        this.longest = bounds.recordBytes();
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        CrawlRecord record = records.next();
        if (record == null) {
            return null;
        }
        try {
            CrawlHeader header = record.header();
            return header == null ? unusable(record, Rejection.MALFORMED, record.remark()) : read(header, record);
        } catch (SourceFailure e) {
            return unusable(record, e.reason(), e.getMessage());
        } catch (RuntimeException | StackOverflowError | CoderMalfunctionError e) {
            // A bug of a library costs one record, not the file.
            return unusable(record, Rejection.MALFORMED, e.getClass().getName());
        }
    }

    @Override
    public void skip(long count) throws IOException {
        for (long i = 0; i < count && records.next() != null; i++) {
            // finding the end of each record is enough
        }
    }

    @Override
    public void close() throws IOException {
        records.close();
    }

    private SourceRecord read(CrawlHeader header, CrawlRecord record) throws SourceFailure {
        return switch (header.type()) {
            case "response" -> response(header, record);
            case "resource", "conversion" -> content(header, record);
            case "warcinfo", "request", "metadata", "revisit", "continuation" -> new PassedOver(header.type());
            default -> new PassedOver("unknown-type");
        };
    }

    private SourceRecord response(CrawlHeader header, CrawlRecord record) throws SourceFailure {
        MediaType declared = MediaType.read(header.contentType());
        if (declared != null && !declared.name().equals("application/http")) {
            return content(header, record);
        }
        CrawledResponse response = CrawledResponse.read(record.block());
        if (response == null) {
            throw new SourceFailure(Rejection.MALFORMED, "no HTTP header begins the response");
        }
        if (response.status() / 100 != 2) {
            return new PassedOver("http-status");
        }
        MediaType type = payload(response, header);
        if (type == null && record.complete()) {
            ByteBuffer body = CrawledBody.decode(response, longest);
            return isPage(body) ? text(header, record, PAGE, body) : passedOver(null);
        }
        if (type == null || !type.isText()) {
            return passedOver(type);
        }
        requireAll(record);
        return text(header, record, type, CrawledBody.decode(response, longest));
    }

    /** Servers declare unknown content as plain text. The crawler's finding that it is HTML is then preferred. */
    private static @Nullable MediaType payload(CrawledResponse response, CrawlHeader header) {
        MediaType declared = MediaType.read(response.fields().get("Content-Type"));
        MediaType identified = MediaType.read(header.payloadType());
        if (declared == null || identified == null) {
            return declared == null ? identified : declared;
        }
        boolean better = identified.isHtml() && declared.name().equals("text/plain");
        return better ? new MediaType(identified.name(), declared.charset()) : declared;
    }

    private static boolean isPage(ByteBuffer body) {
        ByteBuffer start = body.slice(0, Math.min(body.limit(), START_BYTES));
        return HTML.matcher(StandardCharsets.ISO_8859_1.decode(start)).lookingAt();
    }

    private static void requireAll(CrawlRecord record) throws SourceFailure {
        if (!record.complete()) {
            throw new SourceFailure(Rejection.OVER_RECORD_LIMIT, String.valueOf(record.remark()));
        }
    }

    private SourceRecord content(CrawlHeader header, CrawlRecord record) throws SourceFailure {
        MediaType declared = MediaType.read(header.contentType());
        MediaType type = declared == null ? MediaType.read(header.payloadType()) : declared;
        String url = header.url();
        if (url != null && url.startsWith("metadata:")) {
            // Wget stores its log and arguments as resources.
            return new PassedOver("metadata");
        }
        if (type == null && record.complete() && isPage(record.block())) {
            type = PAGE;
        }
        return type == null || !type.isText() ? passedOver(type) : text(header, record, type, record.block());
    }

    private static SourceRecord passedOver(@Nullable MediaType type) {
        return new PassedOver(type != null && type.name().startsWith("image/") ? "image" : "other-content");
    }

    private Candidate text(CrawlHeader header, CrawlRecord record, MediaType type, ByteBuffer bytes)
            throws SourceFailure {
        requireAll(record);
        if (bytes.limit() == 0) {
            throw new SourceFailure(Rejection.NO_TEXT, "an empty " + header.type());
        }
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("contentType", type.name());
        String decoded = decode(header, type, bytes);
        String language = header.language();
        String text = decoded.strip();
        if (type.isHtml()) {
            ReadablePage page = ReadablePage.read(decoded, parts);
            text = page.text();
            language = language == null ? page.language() : language;
            metadata.put("extractor", ReadablePage.extractor(parts));
        }
        if (text.isEmpty()) {
            throw new SourceFailure(Rejection.NO_TEXT, "nothing to read is left of the page");
        }
        if (record.remark() != null) {
            metadata.put("contentLength", record.remark());
        }
        return new Candidate(text, null, language, header.id(), header.url(), header.date(), metadata);
    }

    /** Texts that were derived from pages are UTF-8 without damage, so nothing is repaired in them. */
    private String decode(CrawlHeader header, MediaType type, ByteBuffer bytes) throws SourceFailure {
        boolean derived = header.type().equals("conversion");
        String decoded = (derived ? PageCharset.EXACT : pages).decode(bytes, type.charset());
        if (decoded == null) {
            throw new SourceFailure(
                    Rejection.BAD_ENCODING,
                    "no charset explains the bytes" + (type.charset() == null ? "" : ", declared " + type.charset())
                            + (derived ? "" : "; see " + Bounds.REPLACED_SHARE));
        }
        return decoded;
    }

    private static Unusable unusable(CrawlRecord record, Rejection reason, @Nullable String detail) {
        byte[] content = null;
        if (record.complete() && record.block().limit() <= Unusable.MOST_CONTENT) {
            content = new byte[record.block().limit()];
            record.block().get(0, content);
        }
        return new Unusable(reason, String.valueOf(detail), content);
    }
}

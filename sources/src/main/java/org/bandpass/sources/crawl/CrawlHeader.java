package org.bandpass.sources.crawl;

import org.jspecify.annotations.Nullable;

/**
 * What the archive of a crawl says of a record.
 *
 * @param bytes length of the header, bytes; the block follows
 * @param blockBytes length of the block as declared, bytes
 * @param type kind of record, in the words of WARC
 * @param url what was fetched, or null
 * @param date when, or null
 * @param id the record's own id, or null
 * @param contentType what the block is, as declared, or null
 * @param payloadType what the crawler took the payload for, or null
 * @param language language that the crawler found, or null
 */
record CrawlHeader(
        int bytes,
        long blockBytes,
        String type,
        @Nullable String url,
        @Nullable String date,
        @Nullable String id,
        @Nullable String contentType,
        @Nullable String payloadType,
        @Nullable String language) {}

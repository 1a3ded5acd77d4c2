package org.bandpass.sources.crawl;

import org.jspecify.annotations.Nullable;

/**
 * The header of a record.
 *
 * @param bytes length of the header; the block follows
 * @param blockBytes declared length of the block
 * @param type kind of record, by its WARC name
 * @param contentType declared type of the block
 * @param payloadType type of the payload according to the crawler
 * @param language language according to the crawler
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

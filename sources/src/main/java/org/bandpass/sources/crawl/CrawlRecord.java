package org.bandpass.sources.crawl;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A record cut from the archive of a crawl.
 *
 * @param header what is said of it, or null where that cannot be read
 * @param block its bytes, or the first of them; valid until the next record is asked for
 * @param complete whether the block is all there
 * @param remark what is wrong with it, for people, or null
 */
record CrawlRecord(
        @Nullable CrawlHeader header,
        ByteBuffer block,
        boolean complete,
        @Nullable String remark) {}

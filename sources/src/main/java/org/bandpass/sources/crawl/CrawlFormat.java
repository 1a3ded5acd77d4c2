package org.bandpass.sources.crawl;

import java.io.IOException;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.SlidingBytes;
import org.jspecify.annotations.Nullable;

/** How records of a crawl's archive begin: the difference between WARC and ARC. */
public interface CrawlFormat {

    /** Largest header that is accepted, bytes. */
    int LONGEST_HEADER = 64 << 10;

    /** Returns the name for people. */
    String name();

    /** Returns whether the header of a record stands at an offset; as sure as it can be without a look at the block. */
    boolean begins(SlidingBytes bytes, int offset);

    /**
     * Returns the header at offset 0, or null where there is none that tells where the block is.
     *
     * @throws SourceFailure if the archive ends within it
     */
    @Nullable
    CrawlHeader header(SlidingBytes bytes) throws IOException;
}

package org.bandpass.sources.crawl;

import java.io.IOException;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.SlidingBytes;
import org.jspecify.annotations.Nullable;

/** The headers of records, which are the difference between WARC and ARC. */
public interface CrawlFormat {

    /** Largest header that is accepted, bytes. */
    int LONGEST_HEADER = 64 << 10;

    /** Returns the name for messages. */
    String name();

    /** Returns whether the header of a record begins at an offset, as far as can be known without its block. */
    boolean begins(SlidingBytes bytes, int offset);

    /** Returns the header at offset 0, or null if it lacks its block's length; fails if the archive ends in it. */
    @Nullable
    CrawlHeader header(SlidingBytes bytes) throws IOException;

    /** Throws if the end of the archive, rather than its own length, is why a header has no end. */
    static void checkNotCut(SlidingBytes bytes) throws SourceFailure {
        if (bytes.available() < LONGEST_HEADER && !bytes.broken()) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "the file ends in the header of a record");
        }
    }
}

package org.bandpass.selector.score;

import org.apache.kafka.common.header.Headers;
import org.bandpass.schemas.HeaderNames;

/** Where a scored record is. Records of equal text share an id, but not a position. */
public record ScoredPosition(int partition, long offset) {

    /** Reads it from the headers of a band record; -1 and -1 where they lack it. */
    public static ScoredPosition of(Headers headers) {
        try {
            return new ScoredPosition(
                    HeaderNames.integer(headers, HeaderNames.SCORED_PARTITION),
                    HeaderNames.longInteger(headers, HeaderNames.SCORED_OFFSET));
        } catch (IllegalArgumentException e) {
            return new ScoredPosition(-1, -1);
        }
    }

    @Override
    public String toString() {
        return "scored partition " + partition + " offset " + offset;
    }
}

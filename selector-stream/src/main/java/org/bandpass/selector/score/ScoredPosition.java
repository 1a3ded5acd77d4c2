package org.bandpass.selector.score;

import org.apache.kafka.common.header.Headers;
import org.bandpass.schemas.HeaderNames;

/** Position of a scored record. Records with equal texts have the same id, but different positions. */
public record ScoredPosition(int partition, long offset) {

    /** Reads it from the headers of a band record; -1 and -1 if they are missing. */
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

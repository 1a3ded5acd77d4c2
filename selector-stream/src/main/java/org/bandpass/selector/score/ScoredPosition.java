package org.bandpass.selector.score;

import org.apache.kafka.common.header.Headers;
import org.bandpass.schemas.HeaderNames;

/** Where a scored record is; what tells two records of equal text apart. */
public record ScoredPosition(int partition, long offset) {

    /** Reads it of a band record; a record that does not say it lies nowhere. */
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

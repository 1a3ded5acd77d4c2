package org.bandpass.selector;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.bandpass.schemas.HeaderNames;
import org.jspecify.annotations.Nullable;

/** Headers that say how much of the scored topic partial digests and cuts account for. */
final class CoverageHeaders {

    /**
     * On a partial of 'all': offset up to which nothing of the partition is missing, 8 bytes; absent when something may
     * be. On cuts: the same by partition, -1 where unknown, 8 bytes each.
     */
    static final String COVERED_TO = "bandpass-covered-to";

    /** On partials: stratifications of which the partition keeps as many strata as it may, names joined by commas. */
    static final String CROWDED = "bandpass-crowded";

    private CoverageHeaders() {}

    static void write(Headers headers, @Nullable Long coveredTo, List<Stratification> crowded) {
        if (coveredTo != null) {
            headers.add(COVERED_TO, HeaderNames.bytes(coveredTo.longValue()));
        }
        if (!crowded.isEmpty()) {
            headers.add(
                    CROWDED,
                    HeaderNames.bytes(crowded.stream().map(Stratification::word).collect(Collectors.joining(","))));
        }
    }

    static byte[] bytes(long[] coveredTo) {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * coveredTo.length);
        Arrays.stream(coveredTo).forEach(buffer::putLong);
        return buffer.array();
    }

    /** Returns the offset up to which a partial accounts for everything, -1 where it does not say. */
    static long coveredTo(Headers headers) {
        return headers.lastHeader(COVERED_TO) == null ? -1 : HeaderNames.longInteger(headers, COVERED_TO);
    }

    /** Returns offsets by partition up to which cuts account for everything; empty where they do not say. */
    static long[] coveredToByPartition(Headers headers) {
        Header header = headers.lastHeader(COVERED_TO);
        byte[] value = header == null ? null : header.value();
        if (value == null) {
            return new long[0];
        }
        long[] coveredTo = new long[value.length / Long.BYTES];
        ByteBuffer.wrap(value).asLongBuffer().get(coveredTo);
        return coveredTo;
    }

    static List<Stratification> crowded(Headers headers) {
        String names = HeaderNames.text(headers, CROWDED);
        return names == null
                ? List.of()
                : Arrays.stream(names.split(",", -1)).map(Stratification::named).toList();
    }
}

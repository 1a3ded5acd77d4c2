package org.bandpass.selector.runtime;

import java.util.List;
import java.util.Map;

/**
 * Where a topic ends, in records: the offset after the last committed record of each partition, 0 where there is none.
 * Later offsets are transaction markers and aborted records, which no position needs to pass.
 */
public record RecordEnds(Map<Integer, Long> offsets) {

    public RecordEnds {
        offsets = Map.copyOf(offsets);
    }

    /** Returns the partitions that have not reached their end; one without a position is at 0. */
    public List<Integer> behind(Map<Integer, Long> positions) {
        return offsets.entrySet().stream()
                .filter(end -> positions.getOrDefault(end.getKey(), 0L) < end.getValue())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    public boolean isEmpty() {
        return offsets.values().stream().allMatch(end -> end == 0);
    }
}

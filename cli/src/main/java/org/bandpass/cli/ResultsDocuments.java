package org.bandpass.cli;

import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.SplitPart;

/**
 * Where the documents went.
 *
 * @param files files that were read
 * @param read records that could have become documents
 * @param ingested admitted documents by split part
 * @param rejected refused records by reason
 * @param scored scored documents
 * @param deadLetters documents of the final split that could not be scored
 * @param seconds time that the ingest took by its own account
 */
record ResultsDocuments(
        int files,
        long read,
        SortedMap<String, Long> ingested,
        SortedMap<String, Long> rejected,
        long scored,
        long deadLetters,
        double seconds) {

    static ResultsDocuments of(Collection<IngestProgress> progress, long scored, long deadLetters) {
        SortedMap<String, Long> ingested = new TreeMap<>();
        SortedMap<String, Long> rejected = new TreeMap<>();
        long read = 0;
        double seconds = 0;
        for (IngestProgress file : progress) {
            file.getIngested().forEach((part, count) -> ingested.merge(part, count, Long::sum));
            file.getRejected().forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
            read += file.getRead();
            seconds += file.getSeconds();
        }
        return new ResultsDocuments(progress.size(), read, ingested, rejected, scored, deadLetters, seconds);
    }

    long ingestedInAll() {
        return sum(ingested);
    }

    long rejectedInAll() {
        return sum(rejected);
    }

    long ingested(SplitPart part) {
        return ingested.getOrDefault(HeaderNames.nameOf(part), 0L);
    }

    /** Returns how many documents of the final split are neither scored nor dead letters yet. */
    long unscored() {
        return ingested(SplitPart.FINAL) - scored - deadLetters;
    }

    private static long sum(SortedMap<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}

package org.bandpass.eval.results;

import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.SplitPart;
import org.jspecify.annotations.Nullable;

/**
 * Where the documents went.
 *
 * @param read records that could have become documents
 * @param ingested admitted documents by split part
 * @param rejected refused records by reason
 * @param sequences sequences of the final split that the documents were packed into; null where they were not
 * @param scored scored documents or sequences
 * @param deadLetters documents of the final split that could not be scored
 * @param seconds time that the ingest took by its own account
 */
public record DocumentCounts(
        long files,
        long read,
        SortedMap<String, Long> ingested,
        SortedMap<String, Long> rejected,
        @Nullable Long sequences,
        long scored,
        long deadLetters,
        double seconds) {

    /** Prefix of the packers of sequences in ingest-progress. */
    private static final String PACKER = "packer/";

    static DocumentCounts of(Collection<IngestProgress> progress, long scored, long deadLetters) {
        SortedMap<String, Long> ingested = new TreeMap<>();
        SortedMap<String, Long> rejected = new TreeMap<>();
        long read = 0;
        double seconds = 0;
        long files = 0;
        Long sequences = null;
        for (IngestProgress file : progress) {
            if (file.getPath().startsWith(PACKER)) {
                boolean isFinal = file.getPath().startsWith(PACKER + HeaderNames.nameOf(SplitPart.FINAL) + "/");
                sequences = (sequences == null ? 0 : sequences) + (isFinal ? file.getPosition() : 0);
            }
            files += file.getRemainder() == null ? 1 : 0;
            file.getIngested().forEach((part, count) -> ingested.merge(part, count, Long::sum));
            file.getRejected().forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
            read += file.getRead();
            seconds += file.getSeconds();
        }
        return new DocumentCounts(files, read, ingested, rejected, sequences, scored, deadLetters, seconds);
    }

    public long ingestedInAll() {
        return sum(ingested);
    }

    public long rejectedInAll() {
        return sum(rejected);
    }

    public long ingested(SplitPart part) {
        return ingested.getOrDefault(HeaderNames.nameOf(part), 0L);
    }

    /** Returns how many documents, or sequences, of the final split are neither scored nor dead letters yet. */
    public long unscored() {
        return (sequences == null ? ingested(SplitPart.FINAL) : sequences) - scored - deadLetters;
    }

    private static long sum(SortedMap<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}

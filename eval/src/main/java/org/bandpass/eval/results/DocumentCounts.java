package org.bandpass.eval.results;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.SplitPart;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of documents by stage; docs/results.md explains the components.
 *
 * @param unscored documents, or sequences, of the final split that are neither scored nor dead letters yet
 * @param seconds time that the ingest took by its own account
 */
public record DocumentCounts(
        @JsonIgnore long files,
        long read,
        long ingested,
        long rejected,
        long reference,
        long heldOut,
        long scored,
        long deadLetters,
        @Nullable Integer sampled,
        SortedMap<String, Long> rejectedByReason,
        @JsonIgnore long unscored,
        @JsonIgnore double seconds) {

    /** Prefix of the packers of sequences in ingest-progress. */
    private static final String PACKER = "packer/";

    static DocumentCounts of(
            Collection<IngestProgress> progress, long scored, @Nullable Integer sampled, long deadLetters) {
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
        return new DocumentCounts(
                files,
                read,
                sum(ingested),
                sum(rejected),
                count(ingested, SplitPart.REFERENCE),
                count(ingested, SplitPart.HELD_OUT),
                scored,
                deadLetters,
                sampled,
                rejected,
                (sequences == null ? count(ingested, SplitPart.FINAL) : sequences) - scored - deadLetters,
                seconds);
    }

    private static long count(SortedMap<String, Long> ingested, SplitPart part) {
        return ingested.getOrDefault(HeaderNames.nameOf(part), 0L);
    }

    private static long sum(SortedMap<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}

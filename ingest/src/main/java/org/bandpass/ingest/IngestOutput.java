package org.bandpass.ingest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bandpass.ingest.Decision.Accepted;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.ingest.IngestMeters.Outcome;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.SplitPart;
import org.bandpass.service.Progress;
import org.bandpass.sources.Resume;
import org.bandpass.sources.file.Source;
import org.bandpass.sources.record.Rejection;

/** Output of one ingest: remarks on files while it runs, counts at the end. Used by one thread. */
final class IngestOutput {

    private static final int MOST_SKIPPED_REMARKS = 20;

    private final PrintWriter talk;
    private final Progress progress;
    private final IngestMeters meters;
    private final long began = System.nanoTime();
    private final Map<String, Long> ingested = new TreeMap<>();
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Long> passedOver = new TreeMap<>();
    private long bytes;
    private int files;
    private int skipped;
    private int broken;
    private boolean packing;
    private boolean sharedDomainRemarked;
    private long sequences;
    private long waiting;

    /**
     * Starts counting.
     *
     * @param talk receives the remarks
     * @param progress shows the rate; the reading thread reports the bytes
     */
    IngestOutput(PrintWriter talk, Progress progress, IngestMeters meters) {
        this.talk = talk;
        this.progress = progress;
        this.meters = meters;
        for (SplitPart part : SplitPart.values()) {
            ingested.put(HeaderNames.nameOf(part), 0L);
        }
    }

    void begun(Resume start) {
        files++;
        String file = start.source().name();
        switch (start.state()) {
            case NEW, UNREADABLE -> {}
            case FINISHED -> skipping(start);
            case CONTINUED -> say(file + " was not read to its end before: resumes at record " + start.position());
            case GROWN -> say(file + " has grown: resumes at record " + start.position());
            case CHANGED ->
                say(file + " has changed since it was read: read from its beginning; of its earlier content, only the"
                        + " last documents admitted are recognised as duplicates");
        }
    }

    private void skipping(Resume start) {
        String file = start.source().name();
        String old = start.movedFrom();
        if (skipped < MOST_SKIPPED_REMARKS) {
            say(
                    old == null
                            ? file + " was read to its end before and has not changed: skipped"
                            : file + " was read before as " + old + ", which is gone: skipped");
        } else if (skipped == MOST_SKIPPED_REMARKS) {
            say("further files that were read to their end before are skipped without a remark");
        }
    }

    void admitted(Accepted document) {
        ingested.merge(HeaderNames.nameOf(document.part()), 1L, Long::sum);
        bytes += document.textBytes();
        meters.admitted(document.part(), document.textBytes());
    }

    /** Counts full sequences, and tokens added to (or taken from) those that wait in packers. */
    void packed(int full, int more) {
        packing = true;
        sequences += full;
        waiting += more;
        meters.packed(full, waiting);
    }

    /** Remarks once that documents of further domains share one. */
    void sharedDomain(int most) {
        if (!sharedDomainRemarked) {
            sharedDomainRemarked = true;
            say("more than " + most
                    + " domains, or one with a long name: the documents of further domains are packed under"
                    + " the domain '" + SequenceRecords.SHARED_DOMAIN + "'; see " + SequenceSettings.DOMAINS);
        }
    }

    /** Counts a refusal of the record at a position, or of the file from there on. */
    void refused(Source source, long position, Refused refusal) {
        Rejection reason = refusal.reason();
        rejected.merge(reason.word(), 1L, Long::sum);
        meters.rejected(reason).increment();
        if (reason.ofFile()) {
            broken++;
            meters.files(Outcome.REFUSED).increment();
            say(source.name() + " is refused from record " + position + " on, " + reason.word() + ": "
                    + refusal.detail());
        }
    }

    void passed(String kind) {
        passedOver.merge(kind, 1L, Long::sum);
    }

    void skipped() {
        skipped++;
        meters.files(Outcome.SKIPPED).increment();
    }

    /** Counts a file that was read to its end. */
    void finished(FileTally file) {
        meters.files(Outcome.FINISHED).increment();
        if (file.position() == 0) {
            say(file.source().name() + " is empty: no documents");
        }
    }

    void committed(Duration open) {
        meters.committed(open);
        progress.note(String.format(Locale.ROOT, "%,.0f documents/s", documents() / seconds()));
    }

    /** Returns the number of files that were not read to their end. */
    int broken() {
        return broken;
    }

    int files() {
        return files;
    }

    /** Returns the counts as JSON. */
    ObjectNode json() {
        ObjectNode summary = new ObjectMapper().createObjectNode();
        summary.put("files", files).put("filesSkipped", skipped).put("filesRefused", broken);
        summary.put("read", documents() + sum(rejected)).put("ingested", documents());
        ingested.forEach(summary.putObject("ingestedBySplit")::put);
        summary.put("rejected", sum(rejected));
        rejected.forEach(summary.putObject("rejectedByReason")::put);
        passedOver.forEach(summary.putObject("passedOver")::put);
        if (packing) {
            summary.put("sequences", sequences).put("tokensWaiting", waiting);
        }
        double seconds = seconds();
        return summary.put("documents", documents())
                .put("bytes", bytes)
                .put("seconds", seconds)
                .put("documentsPerSecond", documents() / seconds);
    }

    /** Returns the counts as a sentence. */
    String text() {
        double seconds = seconds();
        String packed =
                String.format(Locale.ROOT, " %,d sequences, %,d tokens wait for one to be full;", sequences, waiting);
        return String.format(
                Locale.ROOT,
                "%,d files (%,d skipped, %,d refused): %,d records read, %,d documents ingested (%s), %,d rejected%s;"
                        + "%s %,d bytes of text in %s, %,.0f documents/s",
                files,
                skipped,
                broken,
                documents() + sum(rejected),
                documents(),
                words(ingested),
                sum(rejected),
                rejected.isEmpty() ? "" : " (" + words(rejected) + ")",
                packing ? packed : "",
                bytes,
                Progress.duration(seconds),
                documents() / seconds);
    }

    /** Prints a remark. */
    void say(String remark) {
        talk.println(remark);
        talk.flush();
    }

    private long documents() {
        return sum(ingested);
    }

    private double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Returns counts with their names, separated by commas. */
    static String words(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}

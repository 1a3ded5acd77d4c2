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

/** What people and programs read of one ingest: remarks on files as they come, counts at the end. One thread. */
final class IngestOutput {

    private static final double NANOS = 1e9;
    private static final int SKIPPED_SAID = 20;

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
    private boolean packs;
    private boolean domainsSaid;
    private long sequences;
    private long waiting;

    /**
     * Begins with nothing.
     *
     * @param talk where remarks go
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
                say(file + " is not what it was when it was read before: read from its beginning; of what was in it,"
                        + " only the last documents admitted are known as repeats");
        }
    }

    private void skipping(Resume start) {
        String file = start.source().name();
        String old = start.movedFrom();
        if (skipped < SKIPPED_SAID) {
            say(
                    old == null
                            ? file + " was read to its end before and has not changed: skipped"
                            : file + " is what was read as " + old + ", which is gone: skipped");
        } else if (skipped == SKIPPED_SAID) {
            say("further files that were read to their end before are skipped and only counted");
        }
    }

    void admitted(Accepted document) {
        ingested.merge(HeaderNames.nameOf(document.part()), 1L, Long::sum);
        bytes += document.textBytes();
        meters.admitted(document.part(), document.textBytes());
    }

    /** Takes how many sequences a document filled, and how many more tokens wait for the next. */
    void packed(int full, int more) {
        packs = true;
        sequences += full;
        waiting += more;
        meters.packed(full, waiting);
    }

    /** Takes how many tokens an earlier ingest left in a packer. */
    void waiting(int tokens) {
        packed(0, tokens);
    }

    /** Takes that a document goes to the domain that those beyond a bound share. */
    void sharedDomain(int most) {
        if (!domainsSaid) {
            domainsSaid = true;
            say("more than " + most
                    + " domains, or one with a long name: the documents of further ones are packed under"
                    + " the domain '" + SequenceRecords.SHARED_DOMAIN + "'; see " + SequenceSettings.DOMAINS);
        }
    }

    /** Takes a refusal of the record, or of the file from the record on, at a position. */
    void refused(Source source, long position, Refused refusal) {
        rejected.merge(refusal.reason().word(), 1L, Long::sum);
        meters.refused(refusal.reason());
        if (refusal.reason().ofFile()) {
            broken++;
            meters.ended(Outcome.REFUSED);
            say(source.name() + " is refused from record " + position + " on, "
                    + refusal.reason().word() + ": " + refusal.detail());
        }
    }

    void passed(String kind) {
        passedOver.merge(kind, 1L, Long::sum);
    }

    void skipped() {
        skipped++;
        meters.ended(Outcome.SKIPPED);
    }

    /** Takes that a file was read to its end. */
    void finished(FileTally file) {
        meters.ended(Outcome.FINISHED);
        if (file.position() == 0) {
            say(file.source().name() + " is empty: no documents");
        }
    }

    void committed(Duration open) {
        meters.committed(open);
        progress.note(String.format(Locale.ROOT, "%,.0f documents/s", documents() / seconds()));
    }

    /** Returns how many files were not read to their end. */
    int broken() {
        return broken;
    }

    int files() {
        return files;
    }

    /** Returns the counts for programs. */
    ObjectNode json() {
        ObjectNode summary = new ObjectMapper().createObjectNode();
        summary.put("files", files).put("filesSkipped", skipped).put("filesRefused", broken);
        summary.put("read", documents() + sum(rejected)).put("ingested", documents());
        put(summary.putObject("ingestedBySplit"), ingested);
        summary.put("rejected", sum(rejected));
        put(summary.putObject("rejectedByReason"), rejected);
        put(summary.putObject("passedOver"), passedOver);
        if (packs) {
            summary.put("sequences", sequences).put("tokensWaiting", waiting);
        }
        double seconds = seconds();
        return summary.put("documents", documents())
                .put("bytes", bytes)
                .put("seconds", seconds)
                .put("documentsPerSecond", documents() / seconds);
    }

    /** Returns the counts for people. */
    String text() {
        double seconds = seconds();
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
                packs
                        ? String.format(
                                Locale.ROOT, " %,d sequences, %,d tokens wait for one to be full;", sequences, waiting)
                        : "",
                bytes,
                Progress.duration(seconds),
                documents() / seconds);
    }

    /** Says something to people. */
    void say(String remark) {
        talk.println(remark);
        talk.flush();
    }

    private long documents() {
        return sum(ingested);
    }

    private double seconds() {
        return (System.nanoTime() - began) / NANOS;
    }

    private static void put(ObjectNode node, Map<String, Long> counts) {
        counts.forEach(node::put);
    }

    private static String words(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}

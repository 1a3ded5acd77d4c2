package org.bandpass.ingest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.ingest.Decision.Skipped;
import org.bandpass.ingest.Decision.Undecided;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.PassedOver;
import org.bandpass.sources.record.SourceRecord.Unusable;

/**
 * Decides about the records of one source in order while the tokens of later records are being made, so the decisions
 * do not depend on the number of threads. Used by one thread.
 */
final class Lookahead {

    private static final int MOST_RECORDS = 4_096;
    private static final long MOST_BYTES = 8L << 20;

    private final Admission admission;
    private final Consumer<Decision> decisions;
    private final Deque<Decision> ahead = new ArrayDeque<>();
    private long bytes;
    private long records;

    Lookahead(Admission admission, Consumer<Decision> decisions) {
        this.admission = admission;
        this.decisions = decisions;
    }

    /** Adds the next record; hands over the decisions that are ready, and more where too many records wait. */
    void add(SourceRecord record) {
        Decision next = prepare(record);
        records++;
        ahead.add(next);
        bytes += next.memoryBytes();
        while (!ahead.isEmpty() && (isReady() || bytes > MOST_BYTES || ahead.size() > MOST_RECORDS)) {
            handOver();
        }
    }

    /** Hands over all remaining decisions. */
    void finish() {
        while (!ahead.isEmpty()) {
            handOver();
        }
    }

    /** Returns the number of records added. */
    long records() {
        return records;
    }

    private boolean isReady() {
        return !(ahead.peek() instanceof Undecided first)
                || first.text() == null
                || first.text().isDone();
    }

    private void handOver() {
        Decision first = ahead.remove();
        bytes -= first.memoryBytes();
        decisions.accept(first instanceof Undecided next ? admission.decide(next) : first);
    }

    private Decision prepare(SourceRecord record) {
        if (record instanceof Candidate candidate) {
            return admission.prepare(candidate);
        }
        if (record instanceof Unusable unusable) {
            return new Refused(unusable.reason(), unusable.detail(), unusable.content());
        }
        return new Skipped(((PassedOver) record).kind());
    }
}

package org.bandpass.ingest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.bandpass.ingest.Admission.Prepared;
import org.bandpass.ingest.Decision.Refused;
import org.bandpass.ingest.Decision.Skipped;
import org.bandpass.sources.record.SourceRecord;
import org.bandpass.sources.record.SourceRecord.Candidate;
import org.bandpass.sources.record.SourceRecord.PassedOver;
import org.bandpass.sources.record.SourceRecord.Unusable;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the records of one source in their order, and lets the tokens of some that follow be made meanwhile. So
 * what is decided does not depend on the number of threads. Used by one thread.
 */
final class Lookahead {

    private static final int MOST_RECORDS = 4_096;
    private static final long MOST_BYTES = 8L << 20;

    /** A record whose turn has not come: one that is decided already, or one that is not. */
    private record Ahead(
            @Nullable Decision decision, @Nullable Prepared prepared) {

        long held() {
            if (prepared != null) {
                return prepared.held();
            }
            return decision instanceof Refused refused && refused.content() != null ? refused.content().length : 0;
        }

        boolean isReady() {
            return prepared == null || prepared.isReady();
        }
    }

    private final Admission admission;
    private final Consumer<Decision> decisions;
    private final Deque<Ahead> ahead = new ArrayDeque<>();
    private long held;

    Lookahead(Admission admission, Consumer<Decision> decisions) {
        this.admission = admission;
        this.decisions = decisions;
    }

    /** Takes the next record; decides about those that are ready, and more where too much is ahead. */
    void add(SourceRecord record) {
        Ahead next = look(record);
        ahead.add(next);
        held += next.held();
        Ahead first = ahead.peek();
        while (first != null && (first.isReady() || held > MOST_BYTES || ahead.size() > MOST_RECORDS)) {
            decide();
            first = ahead.peek();
        }
    }

    /** Decides about the rest. */
    void finish() {
        while (!ahead.isEmpty()) {
            decide();
        }
    }

    private void decide() {
        Ahead first = ahead.remove();
        held -= first.held();
        if (first.prepared() != null) {
            decisions.accept(admission.decide(first.prepared()));
        } else if (first.decision() != null) {
            decisions.accept(first.decision());
        }
    }

    private Ahead look(SourceRecord record) {
        if (record instanceof Candidate candidate) {
            Refused unfit = admission.unfit(candidate);
            return unfit == null ? new Ahead(null, admission.prepare(candidate)) : new Ahead(unfit, null);
        }
        if (record instanceof Unusable unusable) {
            return new Ahead(new Refused(unusable.reason(), unusable.detail(), unusable.content()), null);
        }
        return new Ahead(new Skipped(((PassedOver) record).kind()), null);
    }
}

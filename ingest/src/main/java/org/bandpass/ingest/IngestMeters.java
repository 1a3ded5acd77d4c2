package org.bandpass.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.SplitPart;

/** Metrics of ingest. */
final class IngestMeters {

    /** What became of a file. */
    enum Outcome {
        /** Read to its end. */
        FINISHED("finished"),
        /** Read to its end before and unchanged. */
        SKIPPED("skipped"),
        /** Refused from some record on. */
        REFUSED("refused");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }
    }

    private final MeterRegistry registry;
    private final Counter text;
    private final Timer transaction;

    IngestMeters(MeterRegistry registry) {
        this.registry = registry;
        this.text = Counter.builder("bandpass.ingest.text")
                .description("Text of admitted documents, UTF-8")
                .baseUnit("bytes")
                .register(registry);
        this.transaction = Timer.builder("bandpass.ingest.transaction.duration")
                .description("Time from the first decision of a transaction to its commit")
                .register(registry);
        for (SplitPart part : SplitPart.values()) {
            documents(part);
        }
        for (Rejection reason : Rejection.values()) {
            rejected(reason);
        }
        for (Outcome outcome : Outcome.values()) {
            files(outcome);
        }
    }

    void admitted(SplitPart part, long textBytes) {
        documents(part).increment();
        text.increment((double) textBytes);
    }

    void refused(Rejection reason) {
        rejected(reason).increment();
    }

    void ended(Outcome outcome) {
        files(outcome).increment();
    }

    void committed(Duration open) {
        transaction.record(open);
    }

    private Counter documents(SplitPart part) {
        return Counter.builder("bandpass.ingest.documents")
                .description("Admitted documents, by the part of the split they belong to")
                .tag("split", HeaderNames.nameOf(part))
                .register(registry);
    }

    private Counter rejected(Rejection reason) {
        return Counter.builder("bandpass.ingest.rejected")
                .description("Refused records and rests of files, by reason")
                .tag("reason", reason.word())
                .register(registry);
    }

    private Counter files(Outcome outcome) {
        return Counter.builder("bandpass.ingest.files")
                .description("Files, by what became of them")
                .tag("outcome", outcome.word)
                .register(registry);
    }
}

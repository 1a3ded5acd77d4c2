package org.bandpass.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.SplitPart;
import org.bandpass.sources.FollowedFolders;
import org.bandpass.sources.record.Rejection;
import org.jspecify.annotations.Nullable;

/** Metrics of ingest. */
final class IngestMeters {

    /** Result of a file. */
    enum Outcome {
        /** Read to its end. */
        FINISHED,
        /** Read to its end before, and unchanged. */
        SKIPPED,
        /** Refused from some record on. */
        REFUSED
    }

    private final MeterRegistry registry;
    private final Counter text;
    private final Timer transaction;
    private final AtomicLong waiting = new AtomicLong();
    private @Nullable Counter sequences;

    IngestMeters(MeterRegistry registry) {
        this.registry = registry;
        this.text = Counter.builder("bandpass.ingest.text")
                .description("Text of admitted documents, UTF-8")
                .baseUnit("bytes")
                .register(registry);
        this.transaction = Timer.builder("bandpass.ingest.transaction.duration")
                .description("Time from the first decision of a transaction to its commit")
                .register(registry);
        Arrays.stream(SplitPart.values()).forEach(this::documents);
        Arrays.stream(Rejection.values()).forEach(this::rejected);
        Arrays.stream(Outcome.values()).forEach(this::files);
    }

    void admitted(SplitPart part, long textBytes) {
        documents(part).increment();
        text.increment((double) textBytes);
    }

    /** Counts full sequences, and sets the number of tokens that wait in all packers. */
    void packed(int full, long tokensWaiting) {
        if (sequences == null) {
            sequences = Counter.builder("bandpass.ingest.sequences")
                    .description("Packed sequences")
                    .register(registry);
            Gauge.builder("bandpass.ingest.packer.waiting", waiting, AtomicLong::get)
                    .description("Tokens that wait in packers for a full sequence")
                    .baseUnit("tokens")
                    .register(registry);
        }
        sequences.increment(full);
        waiting.set(tokensWaiting);
    }

    /** Registers the lag of followed folders: files that have settled, and files that still change. */
    void follow(FollowedFolders folders) {
        files("settled", folders, FollowedFolders::waiting);
        files("settling", folders, FollowedFolders::settling);
    }

    private void files(String state, FollowedFolders folders, ToDoubleFunction<FollowedFolders> count) {
        Gauge.builder("bandpass.ingest.follow.waiting", folders, count)
                .description("Files in followed folders that wait to be read")
                .tag("state", state)
                .strongReference(true)
                .register(registry);
    }

    void committed(Duration open) {
        transaction.record(open);
    }

    private Counter documents(SplitPart part) {
        return Counter.builder("bandpass.ingest.documents")
                .description("Admitted documents, by part of the split")
                .tag("split", HeaderNames.nameOf(part))
                .register(registry);
    }

    Counter rejected(Rejection reason) {
        return Counter.builder("bandpass.ingest.rejected")
                .description("Refused records and remainders of files, by reason")
                .tag("reason", reason.word())
                .register(registry);
    }

    Counter files(Outcome outcome) {
        return Counter.builder("bandpass.ingest.files")
                .description("Files, by outcome")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }
}

package org.bandpass.scorer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Metrics of the scorer. Thread-safe. */
final class ScorerMeters {

    private final MeterRegistry registry;
    private final Counter scored;
    private final Counter passedOver;
    private final Counter tokens;
    private final Counter positions;
    private final Counter bytes;
    private final Counter outOfMemory;
    private final Counter failedTransactions;
    private final Timer flights;

    ScorerMeters(MeterRegistry registry) {
        this.registry = registry;
        this.scored = documents(registry, "scored");
        this.passedOver = documents(registry, "passed-over");
        this.tokens = counter(registry, "bandpass.scorer.tokens", "Tokens that were scored and written");
        this.positions = counter(
                registry, "bandpass.scorer.positions", "Positions that were computed for them, padding included");
        this.bytes = counter(registry, "bandpass.scorer.bytes", "UTF-8 bytes that the scored tokens cover");
        this.outOfMemory =
                counter(registry, "bandpass.scorer.halved.batches", "Batches that a device had no memory for");
        this.failedTransactions = counter(
                registry, "bandpass.scorer.failed.transactions", "Transactions that were given up and repeated");
        this.flights = Timer.builder("bandpass.scorer.flight.duration")
                .description("Time that a device needed for a flight")
                .register(registry);
        for (DeadLetterReason reason : DeadLetterReason.values()) {
            deadLetters(reason);
        }
    }

    void written(FlightRecords flight) {
        Flight.Scores scores = flight.flight().scores();
        scored.increment((double) flight.documents());
        tokens.increment((double) flight.tokens());
        bytes.increment((double) flight.bytes());
        positions.increment((double) scores.positions());
        flights.record(scores.duration());
        flight.deadLetters().forEach((reason, count) -> deadLetters(reason).increment(count));
    }

    void passedOver() {
        passedOver.increment();
    }

    void halved() {
        outOfMemory.increment();
    }

    void transactionFailed() {
        failedTransactions.increment();
    }

    private Counter deadLetters(DeadLetterReason reason) {
        return Counter.builder("bandpass.scorer.dead.letters")
                .description("Documents without a score, by reason")
                .tag("reason", reason.word())
                .register(registry);
    }

    private static Counter documents(MeterRegistry registry, String outcome) {
        return Counter.builder("bandpass.scorer.documents")
                .description("Documents, by what became of them; those of other parts of the split are passed over")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}

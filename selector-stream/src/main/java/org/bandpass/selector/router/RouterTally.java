package org.bandpass.selector.router;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.bandpass.schemas.Plan;

/**
 * Counts what a router has sent since it started. Records of an aborted transaction are sent, and counted, again; the
 * bands hold them once. Thread-safe.
 */
final class RouterTally {

    /** Counts of one band. */
    record OfBand(String name, LongAdder documents, LongAdder tokens, LongAdder bytes) {

        Amount amount() {
            return new Amount(documents.sum(), tokens.sum(), bytes.sum());
        }
    }

    private final List<OfBand> bands;
    private final LongAdder documents = new LongAdder();
    private final LongAdder otherModels = new LongAdder();

    RouterTally(Plan plan, MeterRegistry registry) {
        bands = plan.getBands().stream()
                .map(band -> new OfBand(band.getName(), new LongAdder(), new LongAdder(), new LongAdder()))
                .toList();
        bands.forEach(band -> counter("routed", band.documents(), "Documents sent to a band", plan)
                .tag("band", band.name())
                .register(registry));
        counter("documents", documents, "Scored documents that the plan has ranked", plan)
                .register(registry);
        counter("passed.over", otherModels, "Scored documents of other models than the plan's", plan)
                .register(registry);
    }

    private static FunctionCounter.Builder<LongAdder> counter(String name, LongAdder count, String text, Plan plan) {
        return FunctionCounter.builder("bandpass.router." + name, count, LongAdder::sum)
                .description(text)
                .tag("plan", plan.getName());
    }

    void ranked() {
        documents.increment();
    }

    void otherModel() {
        otherModels.increment();
    }

    void routed(int band, long tokens, long bytes) {
        OfBand tally = bands.get(band);
        tally.documents().increment();
        tally.tokens().add(tokens);
        tally.bytes().add(bytes);
    }

    List<OfBand> bands() {
        return bands;
    }

    /** Returns scored documents that were ranked. */
    long documents() {
        return documents.sum();
    }

    /** Returns scored documents of other models. */
    long otherModels() {
        return otherModels.sum();
    }
}

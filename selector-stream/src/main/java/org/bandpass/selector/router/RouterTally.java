package org.bandpass.selector.router;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Plan;

/**
 * Counts what a router has sent since it started. Records of an aborted transaction are sent, and counted, again; the
 * bands hold them once. Thread-safe.
 */
final class RouterTally {

    /** Counts of one band. */
    record OfBand(Band band, LongAdder documents, LongAdder tokens, LongAdder bytes) {}

    private final List<OfBand> bands = new ArrayList<>();
    private final LongAdder documents = new LongAdder();
    private final LongAdder otherModels = new LongAdder();

    RouterTally(Plan plan, MeterRegistry registry) {
        for (Band band : plan.getBands()) {
            OfBand tally = new OfBand(band, new LongAdder(), new LongAdder(), new LongAdder());
            bands.add(tally);
            FunctionCounter.builder("bandpass.router.routed", tally.documents(), LongAdder::sum)
                    .description("Documents sent to a band")
                    .tag("plan", plan.getName())
                    .tag("band", band.getName())
                    .register(registry);
        }
        FunctionCounter.builder("bandpass.router.documents", documents, LongAdder::sum)
                .description("Scored documents that the plan has ranked")
                .tag("plan", plan.getName())
                .register(registry);
        FunctionCounter.builder("bandpass.router.passed.over", otherModels, LongAdder::sum)
                .description("Scored documents of other models than the plan's")
                .tag("plan", plan.getName())
                .register(registry);
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

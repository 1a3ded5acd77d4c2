package org.bandpass.selector.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.bandpass.selector.score.RefusedScore.Reason;

/** Counts the records that a program refused, by reason. Thread-safe. */
record RefusalMeters(MeterRegistry registry, String program) {

    /** Every reason is seen from the start, at 0. */
    RefusalMeters {
        for (Reason reason : Reason.values()) {
            counter(registry, program, reason);
        }
    }

    void refused(Reason reason) {
        counter(registry, program, reason).increment();
    }

    private static Counter counter(MeterRegistry registry, String program, Reason reason) {
        return Counter.builder("bandpass." + program + ".dead.letters")
                .description("Scored records that could not be used")
                .tag("reason", reason.word())
                .register(registry);
    }
}

package org.bandpass.selector.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import org.bandpass.selector.score.RefusedScore.Reason;

/** Counts refused records by reason. Thread-safe. */
final class RefusalMeters {

    private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

    RefusalMeters(MeterRegistry registry, String program) {
        for (Reason reason : Reason.values()) {
            counters.put(
                    reason,
                    Counter.builder("bandpass." + program + ".dead.letters")
                            .description("Scored records that could not be used")
                            .tag("reason", reason.word())
                            .register(registry));
        }
    }

    void refused(Reason reason) {
        Counter counter = counters.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }
}

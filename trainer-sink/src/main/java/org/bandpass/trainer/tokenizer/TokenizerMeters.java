package org.bandpass.trainer.tokenizer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of the tokenizer's training. */
public final class TokenizerMeters {

    private final Counter read;
    private final Counter refused;

    public TokenizerMeters(MeterRegistry registry) {
        this.read = documents(registry, "read");
        this.refused = documents(registry, "refused");
    }

    void read() {
        read.increment();
    }

    void refused() {
        refused.increment();
    }

    long refusals() {
        return (long) refused.count();
    }

    private static Counter documents(MeterRegistry registry, String outcome) {
        return Counter.builder("bandpass.tokenizer.documents")
                .description("Documents of the reference split")
                .tag("outcome", outcome)
                .register(registry);
    }
}

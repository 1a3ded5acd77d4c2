package org.bandpass.eval;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Metrics of eval. */
final class EvalMeters {

    private final MeterRegistry registry;
    private final Timer duration;
    private final Counter rows;
    private final Counter tokens;

    EvalMeters(MeterRegistry registry) {
        this.registry = registry;
        this.duration = Timer.builder("bandpass.eval.run.duration")
                .description("Time that the evaluation of a run took")
                .register(registry);
        this.rows = Counter.builder("bandpass.eval.rows")
                .description("Rows scored, all tasks together")
                .register(registry);
        this.tokens = Counter.builder("bandpass.eval.tokens")
                .description("Tokens whose likelihood counts in a row")
                .register(registry);
        runs("evaluated");
        runs("refused");
        runs("known");
    }

    void add(RunScore score) {
        runs(score.refused() ? "refused" : score.known() ? "known" : "evaluated")
                .increment();
        if (!score.tasks().isEmpty()) {
            duration.record(score.took());
        }
        for (TaskScore task : score.tasks()) {
            rows.increment(task.rows().size());
            task.rows().forEach(row -> tokens.increment((double) row.getTokens()));
        }
    }

    void add(GauntletScore score) {
        duration.record(score.took());
        rows.increment((double) score.rows() - score.knownRows());
    }

    private Counter runs(String outcome) {
        return Counter.builder("bandpass.eval.runs")
                .description("Finished runs, by outcome of their evaluation")
                .tag("outcome", outcome)
                .register(registry);
    }
}

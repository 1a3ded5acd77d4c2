package org.bandpass.trainer.run;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicReference;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.trainer.data.RefusedDocument;

/** Metrics of the trainer. */
public final class TrainerMeters {

    private final MeterRegistry registry;
    private final Counter tokens;
    private final Timer steps;
    private final Timer waits;
    private final Timer checkpoints;
    private final AtomicReference<Double> loss = new AtomicReference<>(Double.NaN);
    private final AtomicReference<Double> epochs = new AtomicReference<>(0.0);

    public TrainerMeters(MeterRegistry registry) {
        this.registry = registry;
        this.tokens = Counter.builder("bandpass.trainer.tokens")
                .description("Tokens trained on")
                .register(registry);
        this.steps = timer("bandpass.trainer.step.duration", "Time of an optimizer step");
        this.waits = timer("bandpass.trainer.rows.wait", "Time that a step waited for its rows");
        this.checkpoints = timer("bandpass.trainer.checkpoint.duration", "Time of writing a checkpoint");
        Gauge.builder("bandpass.trainer.loss", loss, AtomicReference::get)
                .description("Loss of the last step, nats per token")
                .register(registry);
        Gauge.builder("bandpass.trainer.epochs", epochs, AtomicReference::get)
                .description("Passes over the data")
                .register(registry);
        for (RefusedDocument.Reason reason : RefusedDocument.Reason.values()) {
            refused(reason.word());
        }
    }

    void stepped(long stepTokens, double stepLoss, long stepNanos, double stepEpochs) {
        tokens.increment((double) stepTokens);
        steps.record(Duration.ofNanos(stepNanos));
        loss.set(stepLoss);
        epochs.set(stepEpochs);
    }

    void waited(long nanos) {
        waits.record(Duration.ofNanos(nanos));
    }

    void saved(long nanos) {
        checkpoints.record(Duration.ofNanos(nanos));
    }

    void refused(Collection<DeadLetter> letters) {
        letters.forEach(letter -> refused(letter.getReason()).increment());
    }

    private Counter refused(String reason) {
        return Counter.builder("bandpass.trainer.dead.letters")
                .description("Records that could not be trained on")
                .tag("reason", reason)
                .register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name).description(description).register(registry);
    }
}

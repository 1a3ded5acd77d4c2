package org.bandpass.selector.calibrator;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.bandpass.schemas.Cuts;

/** Meters of the calibrator: the latest version of the cuts of each model revision, and its drift. Thread-safe. */
final class CalibratorMeters {

    private record Latest(Cuts cuts, int strata) {

        double drift() {
            return cuts.getDrift() == null ? Double.NaN : cuts.getDrift();
        }
    }

    private final MeterRegistry registry;
    private final Map<String, AtomicReference<Latest>> latest = new ConcurrentHashMap<>();

    CalibratorMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Notes a version; {@code all} is its stratum of that name. */
    void published(Cuts all, int strata) {
        Latest now = new Latest(all, strata);
        latest.computeIfAbsent(all.getModelRevision(), model -> register(model, now))
                .set(now);
    }

    private AtomicReference<Latest> register(String model, Latest first) {
        AtomicReference<Latest> of = new AtomicReference<>(first);
        gauge("version", "Latest version of the cuts", model, of, each -> each.cuts.getVersion());
        gauge("scores", "Scores in the latest cuts", model, of, each -> each.cuts.getCount());
        gauge("strata", "Strata of the latest cuts", model, of, Latest::strata);
        String bound = "Bound of the rank error of the latest cuts";
        gauge("rank.error.ratio", bound, model, of, each -> each.cuts.getRankErrorBound());
        String drift = "Kolmogorov-Smirnov distance of the latest cuts to the version before";
        gauge("drift.ratio", drift, model, of, Latest::drift);
        return of;
    }

    private void gauge(
            String name, String text, String model, AtomicReference<Latest> of, ToDoubleFunction<Latest> value) {
        Gauge.builder("bandpass.calibrator.cuts." + name, of, each -> value.applyAsDouble(each.get()))
                .description(text)
                .tag("model", model)
                .register(registry);
    }
}

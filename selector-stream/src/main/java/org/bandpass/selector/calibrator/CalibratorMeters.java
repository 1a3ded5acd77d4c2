package org.bandpass.selector.calibrator;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.bandpass.schemas.Cuts;

/** Meters of the latest cuts of each model revision. Thread-safe. */
final class CalibratorMeters {

    private record Latest(Cuts cuts, int strata) {

        double drift() {
            return cuts.getDrift() == null ? Double.NaN : cuts.getDrift();
        }
    }

    private final MeterRegistry registry;
    private final Map<String, Latest> latest = new ConcurrentHashMap<>();

    CalibratorMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Records a new version; {@code all} is its stratum 'all'. */
    void published(Cuts all, int strata) {
        String model = all.getModelRevision();
        if (latest.put(model, new Latest(all, strata)) != null) {
            return;
        }
        gauge("version", "Latest version of the cuts", model, each -> each.cuts.getVersion());
        gauge("scores", "Scores in the latest cuts", model, each -> each.cuts.getCount());
        gauge("strata", "Strata of the latest cuts", model, Latest::strata);
        gauge(
                "rank.error.ratio",
                "Bound of the rank error of the latest cuts",
                model,
                each -> each.cuts.getRankErrorBound());
        String drift = "Kolmogorov-Smirnov distance of the latest cuts to the version before";
        gauge("drift.ratio", drift, model, Latest::drift);
    }

    private void gauge(String name, String text, String model, ToDoubleFunction<Latest> value) {
        Gauge.builder("bandpass.calibrator.cuts." + name, latest, each -> value.applyAsDouble(each.get(model)))
                .description(text)
                .tag("model", model)
                .register(registry);
    }
}

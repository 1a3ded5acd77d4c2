package org.bandpass.selector.calibrator;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.bandpass.schemas.Cuts;

/** Meters of the calibrator: the latest version of the cuts of each model revision, and its drift. Thread-safe. */
final class CalibratorMeters {

    private record Latest(Cuts cuts, int strata) {}

    private final MeterRegistry registry;
    private final Map<String, AtomicReference<Latest>> latest = new ConcurrentHashMap<>();

    CalibratorMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Notes a version; {@code all} is its stratum of that name. */
    void published(Cuts all, int strata) {
        Latest now = new Latest(all, strata);
        AtomicReference<Latest> known = latest.get(all.getModelRevision());
        if (known != null) {
            known.set(now);
            return;
        }
        AtomicReference<Latest> first = new AtomicReference<>(now);
        latest.put(all.getModelRevision(), first);
        Tags tags = Tags.of("model", all.getModelRevision());
        gauge(
                "version",
                "Latest version of the cuts",
                tags,
                first,
                each -> each.cuts().getVersion());
        gauge(
                "scores",
                "Scores in the latest cuts",
                tags,
                first,
                each -> each.cuts().getCount());
        gauge("strata", "Strata of the latest cuts", tags, first, Latest::strata);
        gauge(
                "rank.error.ratio",
                "Bound of the rank error of the latest cuts",
                tags,
                first,
                each -> each.cuts().getRankErrorBound());
        gauge(
                "drift.ratio",
                "Kolmogorov-Smirnov distance of the latest cuts to the version before",
                tags,
                first,
                each -> each.cuts().getDrift() == null
                        ? Double.NaN
                        : each.cuts().getDrift());
    }

    private void gauge(
            String name, String text, Tags tags, AtomicReference<Latest> of, ToDoubleFunction<Latest> value) {
        Gauge.builder("bandpass.calibrator.cuts." + name, of, each -> value.applyAsDouble(each.get()))
                .description(text)
                .tags(tags)
                .register(registry);
    }
}

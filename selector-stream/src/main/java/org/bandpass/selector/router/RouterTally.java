package org.bandpass.selector.router;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.runtime.Summary;
import org.bandpass.service.Progress;

/**
 * Counts what a router has sent since it started. Records of an aborted transaction are sent and counted again, but are
 * in the bands once. Thread-safe.
 */
final class RouterTally {

    private record OfBand(String name, AtomicReference<Amount> counted) {

        Amount amount() {
            return Objects.requireNonNull(counted.get());
        }
    }

    private final Plan plan;
    private final List<OfBand> bands;
    private final LongAdder documents = new LongAdder();
    private final LongAdder otherModels = new LongAdder();

    RouterTally(Plan plan, MeterRegistry registry) {
        this.plan = plan;
        bands = plan.getBands().stream()
                .map(band -> new OfBand(band.getName(), new AtomicReference<>(Amount.NONE)))
                .toList();
        bands.forEach(band -> counter("routed", band, each -> each.amount().documents(), "Documents sent to a band")
                .tag("band", band.name())
                .register(registry));
        counter("documents", documents, LongAdder::sum, "Scored documents that the plan has ranked")
                .register(registry);
        counter("passed.over", otherModels, LongAdder::sum, "Scored documents of other models than the plan's")
                .register(registry);
    }

    private <T> FunctionCounter.Builder<T> counter(String name, T counted, ToDoubleFunction<T> count, String text) {
        return FunctionCounter.builder("bandpass.router." + name, counted, count)
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
        bands.get(band).counted().accumulateAndGet(new Amount(1, tokens, bytes), Amount::plus);
    }

    long documents() {
        return documents.sum();
    }

    Summary summary(String topicPrefix, double seconds) {
        Topics topics = Topics.withPrefix(topicPrefix);
        ObjectNode json = Summary.object().put("plan", plan.getName());
        ArrayNode array = json.putArray("bands");
        StringBuilder text = new StringBuilder(Summary.format(
                "plan %s: %,d documents ranked in %s", plan.getName(), documents(), Progress.duration(seconds)));
        for (OfBand band : bands) {
            Amount amount = band.amount();
            amount.putInto(array.addObject()
                    .put("name", band.name())
                    .put("topic", topics.band(plan.getName(), band.name()).name()));
            text.append(Summary.format("%n  %-12s %s", band.name(), amount));
        }
        long others = otherModels.sum();
        if (others > 0) {
            text.append(Summary.format("%n  %,d documents were scored by other models and skipped", others));
        }
        json.put("documents", documents())
                .put("otherModels", others)
                .put("seconds", seconds)
                .put("documentsPerSecond", documents() / Math.max(seconds, 1e-9));
        return new Summary(json, text.toString());
    }
}

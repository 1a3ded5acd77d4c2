package org.bandpass.scorer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.PrintWriter;
import java.util.Locale;
import org.bandpass.schemas.Score;
import org.bandpass.service.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Counts the work of a scorer: for metrics, for the progress bar, and for a line or a JSON object at the end. Belongs to one
 * thread, except {@link #halved}.
 */
final class ScorerTally implements AutoCloseable {

    private final PrintWriter out;
    private final boolean json;
    private final MeterRegistry registry;
    private final Counter scored;
    private final Counter passedOver;
    private final Counter tokens;
    private final Counter positions;
    private final Counter bytes;
    private final Counter halved;
    private final Counter failedTransactions;
    private final Timer flights;
    private final Progress progress = Progress.start("scoring", "documents", 0);
    private long began = System.nanoTime();
    private long deadLetters;
    private long capped;
    private long computedTokens;
    private long taken;
    private @Nullable String emptyTopic;

    ScorerTally(PrintWriter out, boolean json, MeterRegistry registry) {
        this.out = out;
        this.json = json;
        this.registry = registry;
        scored = documents("scored");
        passedOver = documents("passed-over");
        tokens = counter("tokens", "Tokens that were scored and written");
        positions = counter("positions", "Positions computed for these tokens, padding included");
        bytes = counter("bytes", "UTF-8 bytes that the scored tokens cover");
        halved = counter("halved.batches", "Batches that were halved because a device ran out of memory");
        failedTransactions = counter("failed.transactions", "Transactions that failed and were repeated");
        flights = Timer.builder("bandpass.scorer.flight.duration")
                .description("Time of a device for a flight")
                .register(registry);
        for (DeadLetterReason reason : DeadLetterReason.values()) {
            deadLetters(reason);
        }
    }

    private Counter counter(String name, String description) {
        return Counter.builder("bandpass.scorer." + name)
                .description(description)
                .register(registry);
    }

    private Counter documents(String outcome) {
        return Counter.builder("bandpass.scorer.documents")
                .description("Documents by outcome; those of other parts of the split are passed over")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Counter deadLetters(DeadLetterReason reason) {
        return Counter.builder("bandpass.scorer.dead.letters")
                .description("Documents without a score, by reason")
                .tag("reason", reason.word())
                .register(registry);
    }

    /** Starts the clock when partitions are assigned. */
    void begin() {
        if (taken + passedOver.count() == 0) {
            began = System.nanoTime();
        }
    }

    void written(FlightRecords flight) {
        for (Score score : flight.scores()) {
            scored.increment();
            tokens.increment((double) score.getTokens());
            bytes.increment((double) score.getBytes());
            capped += score.getCapped() ? 1 : 0;
        }
        flight.refusals().forEach(reason -> deadLetters(reason).increment());
        deadLetters += flight.refusals().size();
        Flight.Scores result = flight.flight().scores();
        positions.increment((double) result.positions());
        flights.record(result.duration());
        computedTokens += result.tokens();
        progress.note(String.format(Locale.ROOT, "%,.0f tokens/s", tokens.count() / seconds()));
        progress.at(whole(scored) + deadLetters);
    }

    /** Counts a record of the final split. */
    void taken() {
        taken++;
    }

    /** Counts a record of another part of the split. */
    void passedOver() {
        passedOver.increment();
    }

    void halved() {
        halved.increment();
    }

    void transactionFailed() {
        failedTransactions.increment();
    }

    /** Estimates the remaining documents: assumes that the share of the final split stays the same. */
    void remaining(long offsets) {
        if (taken > 0) {
            progress.total(whole(scored) + deadLetters + offsets * taken / (taken + whole(passedOver)));
        }
    }

    void nothing(String topic) {
        emptyTopic = topic;
    }

    void finish(ReferenceModel model, int maxWindows) {
        double seconds = seconds();
        close();
        if (json) {
            out.println(summary(model, maxWindows, seconds));
        } else if (emptyTopic != null) {
            out.println("nothing to do: topic " + emptyTopic + " is empty");
        } else {
            out.println(String.format(
                    Locale.ROOT,
                    "scored %,d documents with %,d tokens in %s (%,.0f tokens/s), %,d dead letters",
                    whole(scored),
                    whole(tokens),
                    Progress.duration(seconds),
                    tokens.count() / seconds,
                    deadLetters));
        }
        out.flush();
    }

    @Override
    public void close() {
        progress.close();
    }

    private double seconds() {
        return Math.max(1, System.nanoTime() - began) / 1e9;
    }

    private static long whole(Counter counter) {
        return (long) counter.count();
    }

    private ObjectNode summary(ReferenceModel model, int maxWindows, double seconds) {
        return new ObjectMapper()
                .createObjectNode()
                .put("documents", whole(scored))
                .put("tokens", whole(tokens))
                .put("bytes", whole(bytes))
                .put("deadLetters", deadLetters)
                .put("passedOver", whole(passedOver))
                .put("seconds", seconds)
                .put("documentsPerSecond", scored.count() / seconds)
                .put("tokensPerSecond", tokens.count() / seconds)
                .put("paddingFraction", positions.count() == 0 ? 0 : 1 - computedTokens / positions.count())
                .put("maxWindows", maxWindows)
                .put("documentsCapped", capped)
                .put("modelRevision", model.modelRevision())
                .put("tokenizerRevision", model.tokenizer().revision());
    }
}

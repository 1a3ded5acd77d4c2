package org.bandpass.scorer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import org.bandpass.service.Progress;
import org.jspecify.annotations.Nullable;

/** The output of scoring: a progress bar, and a line or a JSON object at the end. */
final class ScorerOutput implements AutoCloseable {

    private static final double NANOS = 1e9;

    private final PrintWriter out;
    private final boolean json;
    private final ScorerMeters meters;
    private final Progress progress = Progress.start("scoring", "documents", 0);
    private long began = System.nanoTime();
    private long documents;
    private long tokens;
    private long bytes;
    private long deadLetters;
    private long capped;
    private long positions;
    private long computed;
    private long taken;
    private long passedOver;
    private @Nullable String empty;

    ScorerOutput(PrintWriter out, boolean json, ScorerMeters meters) {
        this.out = out;
        this.json = json;
        this.meters = meters;
    }

    ScorerMeters meters() {
        return meters;
    }

    /** Starts the clock when partitions are assigned. */
    void begin() {
        if (taken + passedOver == 0) {
            began = System.nanoTime();
        }
    }

    void written(FlightRecords flight) {
        meters.written(flight);
        documents += flight.documents();
        tokens += flight.tokens();
        bytes += flight.bytes();
        capped += flight.capped();
        positions += flight.flight().scores().positions();
        computed += flight.flight().scores().tokens();
        flight.deadLetters().values().forEach(count -> deadLetters += count);
        progress.note(String.format(Locale.ROOT, "%,.0f tokens/s", tokens / seconds()));
        progress.at(documents + deadLetters);
    }

    /** Takes a record of the final split that is read. */
    void taken() {
        taken++;
    }

    /** Takes a record of another part of the split. */
    void passedOver() {
        meters.passedOver();
        passedOver++;
    }

    /** Estimates what remains: the share of final documents is taken to be that of the offsets before. */
    void remaining(long offsets) {
        if (taken > 0) {
            progress.total(documents + deadLetters + offsets * taken / (taken + passedOver));
        }
    }

    void nothing(String topic) {
        empty = "nothing to do: topic " + topic + " is empty";
    }

    void finish(ReferenceModel model, int maxWindows) {
        double seconds = seconds();
        close();
        if (json) {
            out.println(summary(model, maxWindows, seconds));
        } else if (empty != null) {
            out.println(empty);
        } else {
            out.println(String.format(
                    Locale.ROOT,
                    "scored %,d documents with %,d tokens in %s (%,.0f tokens/s), %,d dead letters",
                    documents,
                    tokens,
                    Progress.duration(seconds),
                    tokens / seconds,
                    deadLetters));
        }
        out.flush();
    }

    @Override
    public void close() {
        progress.close();
    }

    private double seconds() {
        return Math.max(1, System.nanoTime() - began) / NANOS;
    }

    private ObjectNode summary(ReferenceModel model, int maxWindows, double seconds) {
        return new ObjectMapper()
                .createObjectNode()
                .put("documents", documents)
                .put("tokens", tokens)
                .put("bytes", bytes)
                .put("deadLetters", deadLetters)
                .put("passedOver", passedOver)
                .put("seconds", seconds)
                .put("documentsPerSecond", documents / seconds)
                .put("tokensPerSecond", tokens / seconds)
                .put("paddingFraction", positions == 0 ? 0 : 1 - (double) computed / positions)
                .put("maxWindows", maxWindows)
                .put("documentsCapped", capped)
                .put("modelRevision", model.modelRevision())
                .put("tokenizerRevision", model.tokenizerRevision());
    }
}

package org.bandpass.eval;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.eval.figures.RowFigures;
import org.bandpass.schemas.DeadLetter;
import org.jspecify.annotations.Nullable;

/** The output of eval: a line for each run as it ends, or one JSON object at the end. */
final class EvalOutput {

    private static final double NANOS = 1e9;
    private static final double PERCENT = 100;

    private final PrintWriter out;
    private final boolean json;
    private final EvalMeters meters;
    private final long began = System.nanoTime();
    private final List<RunScore> scores = new ArrayList<>();
    private final List<GauntletScore> gauntlets = new ArrayList<>();

    EvalOutput(PrintWriter out, boolean json, EvalMeters meters) {
        this.out = out;
        this.json = json;
        this.meters = meters;
    }

    void add(RunOutcome outcome) {
        outcome.scores().forEach(this::add);
        if (outcome.gauntlet() != null) {
            add(outcome.gauntlet());
        }
    }

    /** Tells what was done in the tasks of the gauntlet. */
    void add(GauntletScore score) {
        meters.add(score);
        if (!score.missing().isEmpty()) {
            System.err.println("run " + score.runId() + ": an average of " + score.profile()
                    + " is partial: there is no data file of " + String.join(", ", score.missing()));
        }
        if (json) {
            gauntlets.add(score);
            return;
        }
        out.println(String.format(
                Locale.ROOT,
                "%-20s step %d  %s  %d tasks  %,d rows, of which %,d were scored before; 'bandpass report %s' shows"
                        + " the scores",
                score.runId(),
                score.step(),
                score.profile(),
                score.tasks(),
                score.rows(),
                score.knownRows(),
                score.runId()));
        out.flush();
    }

    private void add(RunScore score) {
        meters.add(score);
        if (json) {
            scores.add(score);
        }
        if (score.known()) {
            System.err.println("run " + score.runId() + " was evaluated before");
        } else if (score.refused()) {
            score.letters().values().forEach(letter -> System.err.println("not evaluated: " + letter.getDetail()));
        } else {
            warn(score);
            if (!json) {
                print(score);
            }
        }
    }

    void finish() {
        if (json) {
            out.println(summary());
        }
        out.flush();
    }

    private static void warn(RunScore score) {
        for (TaskScore task : score.tasks()) {
            if (task.rows().isEmpty()) {
                System.err.println("run " + score.runId() + ": " + task.task()
                        + " has no rows, because no held-out document is long enough; ingest sets documents aside"
                        + " (ingest.split.held.out.share)");
            }
            if (!task.leftOut().isEmpty()) {
                System.err.println(
                        "run " + score.runId() + ": " + task.task() + " leaves out domains without a held-out"
                                + " document that is long enough: "
                                + String.join(", ", task.leftOut().keySet()));
            }
        }
        if (!score.letters().isEmpty()) {
            System.err.println("run " + score.runId() + ": " + score.letters().size()
                    + " held-out documents could not be scored; see the dead letters of eval");
        }
    }

    private void print(RunScore score) {
        RowFigures heldOut = score.task(EvaluationSummary.HELD_OUT).figures();
        RowFigures cloze = score.task(EvaluationSummary.CLOZE).figures();
        out.println(String.format(
                Locale.ROOT,
                "%-20s held-out %s bits/byte ± %s  perplexity %s  %,d documents   cloze %s %% ± %s  chance %.0f %%  %,d"
                        + " questions",
                score.runId(),
                number("%.4f", heldOut.bitsPerByte(), 1),
                number("%.4f", heldOut.bitsPerByteError(), 1),
                number("%.2f", heldOut.perplexity(), 1),
                heldOut.rows(),
                number("%.1f", cloze.accuracy(), PERCENT),
                number("%.1f", cloze.standardError(), PERCENT),
                PERCENT * cloze.chance(),
                cloze.rows()));
        out.flush();
    }

    private static String number(String format, @Nullable Double value, double factor) {
        return value == null ? "–" : String.format(Locale.ROOT, format, factor * value);
    }

    private ObjectNode summary() {
        ObjectNode summary = new ObjectMapper().createObjectNode();
        ArrayNode runs = summary.putArray("runs");
        ArrayNode known = summary.putArray("evaluatedBefore");
        ArrayNode refused = summary.putArray("refused");
        for (RunScore score : scores) {
            if (score.known()) {
                known.add(score.runId());
            } else if (score.refused()) {
                for (DeadLetter letter : score.letters().values()) {
                    refused.addObject()
                            .put("run", score.runId())
                            .put("reason", letter.getReason())
                            .put("detail", letter.getDetail());
                }
            } else {
                describe(score, runs.addObject());
            }
        }
        if (!gauntlets.isEmpty()) {
            ArrayNode gauntlet = summary.putArray("gauntlet");
            gauntlets.forEach(score -> gauntlet.addObject()
                    .put("run", score.runId())
                    .put("step", score.step())
                    .put("profile", score.profile())
                    .put("tasks", score.tasks())
                    .put("rows", score.rows())
                    .put("rowsScoredBefore", score.knownRows())
                    .putPOJO("missing", score.missing())
                    .put("seconds", score.took().toNanos() / NANOS));
        }
        return summary.put("seconds", (System.nanoTime() - began) / NANOS);
    }

    private static void describe(RunScore score, ObjectNode run) {
        run.put("run", score.runId());
        TaskScore heldOut = score.task(EvaluationSummary.HELD_OUT);
        RowFigures likelihood = heldOut.figures();
        run.putObject("heldOut")
                .put("bitsPerByte", likelihood.bitsPerByte())
                .put("standardError", likelihood.bitsPerByteError())
                .put("perplexity", likelihood.perplexity())
                .put("documents", likelihood.rows())
                .put("bytes", likelihood.bytes())
                .put("documentsCut", heldOut.cut())
                .put("sampled", heldOut.sampled())
                .put("version", heldOut.version());
        TaskScore cloze = score.task(EvaluationSummary.CLOZE);
        RowFigures answers = cloze.figures();
        run.putObject("cloze")
                .put("accuracy", answers.accuracy())
                .put("standardError", answers.standardError())
                .put("chance", answers.chance())
                .put("rows", answers.rows())
                .putPOJO("leftOut", cloze.leftOut())
                .put("version", cloze.version());
        run.put("seconds", score.took().toNanos() / NANOS);
    }
}

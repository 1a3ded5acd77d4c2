package org.bandpass.trainer.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.Locale;
import org.bandpass.languagemodel.ModelConfig;
import org.bandpass.languagemodel.TrainingRecipe;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.Progress;
import org.bandpass.trainer.data.DataSet;

/** What people and programs read of a training: what was derived at its start, its result at its end. */
public final class TrainOutput {

    private static final double MEGABYTE = 1e6;

    private final PrintWriter out;
    private final boolean json;

    public TrainOutput(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** Prints on stderr everything that was derived. */
    void begin(PreparedRun run, DataSet data, long step) {
        ModelConfig config = run.model().config();
        StepBudget budget = run.definition().budget();
        TrainingRecipe recipe = run.recipe();
        say(
                "run %s: preset %s, %,d parameters (%s, width %d, %d layers, %d heads, context %d, vocabulary %,d), %s on %s",
                run.request().run(),
                run.model().name(),
                run.parameters(),
                config.family(),
                config.width(),
                config.layers(),
                config.heads(),
                config.contextLength(),
                config.vocabularySize(),
                run.request().compute().dtype(),
                run.request().compute().device());
        say("  data    %s: %,d documents, %.1f MB", run.data().words(), data.documents(), data.bytes() / MEGABYTE);
        say(
                "  budget  %,d steps of %d rows of %d tokens: %,d tokens, %.1f per parameter",
                budget.steps(),
                budget.rowsPerStep(),
                budget.sequenceTokens(),
                budget.tokens(),
                (double) budget.tokens() / run.parameters());
        say(
                "  recipe  %s, rate %s after %,d steps of warm-up, then a cosine to %s; weight decay %s, clip %s; seed %d",
                recipe.optimizer(),
                recipe.learningRate(),
                Math.round(recipe.warmUpShare() * recipe.steps()),
                String.format(Locale.ROOT, "%.2g", recipe.finalShare() * recipe.learningRate()),
                recipe.weightDecay(),
                recipe.clipNorm(),
                run.request().seed());
        if (step > 0) {
            say("  continues after step %,d", step);
        }
    }

    static void tooManyPasses(String run, int passes) {
        say(
                "run %s begins to read its data for the %dth time; the paper found more than %d passes to hurt",
                run, passes + 1, passes);
    }

    void refused(String run, int letters) {
        if (letters > 0) {
            say("run %s: %,d records cannot be trained on; see the dead letters of the trainer", run, letters);
        }
    }

    void finishedBefore(String run) {
        say("run %s is finished", run);
    }

    /** Ends the output; the loss is that of the last step, nats per token. */
    void finish(TrainingRun run, double loss) {
        double tokensPerSecond = run.getSeconds() > 0 ? run.getTokens() / run.getSeconds() : 0;
        if (json) {
            out.println(new ObjectMapper()
                    .createObjectNode()
                    .put("run", run.getRunId())
                    .put("role", run.getRole().name().toLowerCase(Locale.ROOT))
                    .put("tokens", run.getTokens())
                    .put("steps", run.getStep())
                    .put("parameters", run.getParameters())
                    .put("epochs", run.getEpochs())
                    .put("loss", loss)
                    .put("seconds", run.getSeconds())
                    .put("tokensPerSecond", tokensPerSecond)
                    .put("endedBy", run.getEndedBy())
                    .put("model", run.getModel())
                    .put("modelRevision", run.getModelRevision()));
        } else {
            out.printf(
                    Locale.ROOT,
                    "%-20s loss %.4f  %,d tokens in %,d steps, %.2f passes  %s, %,.0f tokens/s  ended by %s  model %s"
                            + " in %s%n",
                    run.getRunId(),
                    loss,
                    run.getTokens(),
                    run.getStep(),
                    run.getEpochs(),
                    Progress.duration(run.getSeconds()),
                    tokensPerSecond,
                    run.getEndedBy(),
                    run.getModelRevision(),
                    run.getModel());
        }
        out.flush();
    }

    private static void say(String format, Object... values) {
        System.err.println(String.format(Locale.ROOT, format, values));
    }
}

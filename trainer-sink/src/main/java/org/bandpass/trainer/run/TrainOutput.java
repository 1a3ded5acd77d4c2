package org.bandpass.trainer.run;

import java.io.PrintWriter;
import java.util.Locale;
import org.bandpass.languagemodel.TrainingRecipe;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.Progress;
import org.bandpass.trainer.data.DataSet;

/** Prints the derived numbers of a training at its start and its result at its end. */
public record TrainOutput(PrintWriter out, boolean json) {

    /** Prints the derived numbers on stderr. */
    void begin(PreparedRun run, long step) {
        DataSet data = run.documents();
        StepBudget budget = run.definition().budget();
        TrainingRecipe recipe = run.recipe();
        say(
                "run %s: preset %s, %,d parameters (%s), %s on %s",
                run.name(),
                run.model().name(),
                run.parameters(),
                run.model().config().words(),
                run.request().dtype(),
                run.request().device());
        say("  data    %s: %,d documents, %.1f MB", run.data().words(), data.documents(), data.bytes() / 1e6);
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

    /** @param loss of the last step, nats per token */
    void finish(TrainingRun run, double loss) {
        double tokensPerSecond = run.getSeconds() > 0 ? run.getTokens() / run.getSeconds() : 0;
        if (json) {
            out.println(RunFolder.JSON
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

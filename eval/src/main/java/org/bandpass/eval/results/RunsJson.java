package org.bandpass.eval.results;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bandpass.eval.figures.Difference;
import org.bandpass.eval.figures.GauntletFigures;
import org.bandpass.eval.figures.MeanScore;
import org.bandpass.eval.figures.PairedBootstrap;
import org.bandpass.eval.figures.RowFigures;
import org.bandpass.eval.figures.TaskFigures;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/** Writes a comparison as runs.json, whose fields {@code docs/evaluation.md} explains. What is not known is null. */
public final class RunsJson {

    private RunsJson() {}

    /**
     * Returns the document, indented, with a final line break.
     *
     * @param missing what the comparison lacks, in sentences
     */
    public static String text(RunComparison comparison, List<String> missing) {
        ObjectNode root = ResultsJson.object();
        root.put("control", comparison.control());
        ObjectNode runs = root.putObject("runs");
        comparison.runs().forEach(run -> {
            ObjectNode node = runs.putObject(run.id());
            run(node, run);
            ResultsJson.put(node, "imported", comparison.imported().get(run.id()));
        });
        ArrayNode profiles = root.putArray("profiles");
        comparison.profiles().forEach(scores -> profile(profiles.addObject(), scores));
        ResultsJson.put(root, "published", comparison.published());
        ResultsJson.put(root, "missing", missing);
        return root.toPrettyString() + "\n";
    }

    private static void run(ObjectNode node, ComparedRun run) {
        TrainingRun training = run.training();
        if (training == null) {
            node.putNull("training");
        } else {
            node.putObject("training")
                    .put("role", training.getRole().name().toLowerCase(Locale.ROOT))
                    .put("plan", training.getPlan())
                    .put("band", training.getBand())
                    .put("state", training.getState().name().toLowerCase(Locale.ROOT))
                    .put("seed", training.getSeed())
                    .put("steps", training.getStep())
                    .put("tokens", training.getTokens())
                    .put("epochs", training.getEpochs())
                    .put("parameters", training.getParameters())
                    .put("modelRevision", training.getModelRevision());
        }
        ResultsJson.put(node, "heldOut", run.heldOut());
        ResultsJson.put(node, "cloze", run.cloze());
        ResultsJson.put(node, "trainedOn", run.composition());
    }

    private static void profile(ObjectNode node, ProfileScores scores) {
        node.put("profile", scores.profile().name())
                .put("version", scores.profile().version())
                .put("limit", scores.limit() == 0 ? null : scores.limit());
        ObjectNode runs = node.putObject("runs");
        scores.runs().forEach((id, score) -> {
            ObjectNode run = runs.putObject(id);
            score(run, score);
            ArrayNode steps = run.putArray("checkpoints");
            scores.checkpoints().getOrDefault(id, List.of()).forEach(step -> checkpoint(steps.addObject(), step));
            StepsToControl reached = scores.reached().get(id);
            if (reached == null) {
                run.putNull("reachedControl");
            } else {
                ObjectNode parity = run.putObject("reachedControl");
                checkpoint(parity, reached.reached());
                ResultsJson.put(
                        parity,
                        "stepBelow",
                        reached.below() == null ? null : reached.below().step());
                ResultsJson.put(parity, "ratio", reached.ratio());
            }
        });
    }

    private static void checkpoint(ObjectNode node, CheckpointScore checkpoint) {
        node.put("step", checkpoint.step()).put("tokens", checkpoint.tokens());
        ResultsJson.put(node, "score", checkpoint.average().score());
        ResultsJson.put(node, "standardError", checkpoint.average().standardError());
        ResultsJson.put(node, "absent", checkpoint.average().absent());
    }

    private static void score(ObjectNode node, FinalScore score) {
        PairedBootstrap against = score.against();
        GauntletFigures figures = score.figures();
        node.put("step", score.step()).put("longestPrompt", score.longestPrompt());
        ResultsJson.put(node, "unfinished", score.unfinished());
        mean(node.putObject("average"), figures.average(), against == null ? null : against.average());
        ObjectNode categories = node.putObject("categories");
        figures.categories().forEach((name, mean) -> {
            Difference difference =
                    against == null ? null : against.categories().get(name);
            mean(categories.putObject(name), mean, difference);
        });
        ObjectNode tasks = node.putObject("tasks");
        for (TaskFigures task : figures.tasks()) {
            String key = task.scored().task().key();
            task(tasks.putObject(key), task, against == null ? Map.of() : against.tasks());
        }
    }

    private static void mean(ObjectNode node, MeanScore mean, @Nullable Difference difference) {
        ResultsJson.put(node, "score", mean.score());
        ResultsJson.put(node, "standardError", mean.standardError());
        ResultsJson.put(node, "accuracy", mean.accuracy());
        node.put("tasks", mean.tasks()).put("of", mean.of()).put("partial", mean.partial());
        ResultsJson.put(node, "absent", mean.absent());
        ResultsJson.put(node, "difference", difference);
    }

    private static void task(ObjectNode node, TaskFigures task, Map<String, Difference> against) {
        RowFigures all = task.all();
        node.put("category", task.scored().task().category())
                .put("data", task.scored().state().word())
                .put("rows", all.rows())
                .put("of", task.scored().taskRows())
                .put("baseline", task.scored().task().baseline());
        ResultsJson.put(node, "accuracy", task.accuracy());
        ResultsJson.put(node, "standardError", task.standardError());
        ResultsJson.put(node, "normalised", task.normalised());
        ResultsJson.put(node, "sumAccuracy", task.sumAccuracy());
        ResultsJson.put(node, "byteAccuracy", task.byteAccuracy());
        ResultsJson.put(node, "bitsPerByte", all.bitsPerByte());
        ResultsJson.put(node, "warnings", task.warnings());
        ResultsJson.put(node, "difference", against.get(task.scored().task().key()));
    }
}

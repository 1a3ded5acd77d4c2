package org.bandpass.eval.folder;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.bandpass.eval.figures.GauntletFigures;
import org.bandpass.eval.figures.MeanScore;
import org.bandpass.eval.figures.ScoredTask;
import org.bandpass.eval.figures.TaskFigures;
import org.bandpass.eval.profile.ProfileTask;

/** An evaluation as one JSON object; docs/evaluation.md explains its fields. Scores are shares, not percent. */
public final class EvaluationJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private EvaluationJson() {}

    public static ObjectNode of(FolderEvaluation evaluation) {
        GauntletFigures figures = evaluation.figures();
        ObjectNode json = MAPPER.createObjectNode();
        json.putObject("model")
                .put("folder", evaluation.model().folder())
                .put("revision", evaluation.model().revision())
                .put("tokenizerRevision", evaluation.model().tokenizerRevision());
        json.putObject("profile")
                .put("name", evaluation.profile().name())
                .put("version", evaluation.profile().version())
                .put("averaging", evaluation.profile().averaging().name().toLowerCase(Locale.ROOT));
        json.put("limit", evaluation.sizes().limit());
        json.put("longestPrompt", evaluation.sizes().longestPrompt());
        json.set("average", mean(figures.average()));
        json.putPOJO("limits", evaluation.limits(figures));
        json.putPOJO("notComparableWithThePaper", evaluation.notThePapers(figures));
        ObjectNode categories = json.putObject("categories");
        figures.categories().forEach((name, mean) -> categories.set(name, mean(mean)));
        ArrayNode tasks = json.putArray("tasks");
        figures.tasks().forEach(task -> tasks.add(task(task)));
        return json.put("seconds", evaluation.sizes().seconds());
    }

    private static ObjectNode mean(MeanScore mean) {
        return MAPPER.createObjectNode()
                .put("score", mean.score())
                .put("standardError", mean.standardError())
                .put("accuracy", mean.accuracy())
                .put("partial", mean.partial())
                .put("tasks", mean.tasks())
                .put("of", mean.of())
                .putPOJO("absent", mean.absent());
    }

    private static ObjectNode task(TaskFigures figures) {
        ScoredTask scored = figures.scored();
        ProfileTask task = scored.task();
        ObjectNode json = MAPPER.createObjectNode()
                .put("task", task.key())
                .put("category", task.category())
                .put("type", task.type().key())
                .put("data", scored.state().word())
                .put("version", scored.version())
                .put("rows", scored.rows().size())
                .put("allRows", scored.taskRows())
                .put("accuracy", figures.accuracy())
                .put("standardError", figures.standardError())
                .put("baseline", task.baseline())
                .put("score", figures.normalised())
                .put("scoreStandardError", figures.normalisedError())
                .put("sumAccuracy", figures.sumAccuracy())
                .put("byteAccuracy", figures.byteAccuracy())
                .put("bitsPerByte", figures.all().bitsPerByte())
                .put("bitsPerByteStandardError", figures.all().bitsPerByteError());
        if (!figures.parts().isEmpty()) {
            ObjectNode parts = json.putObject("parts");
            figures.parts()
                    .forEach((name, part) -> parts.putObject(name)
                            .put("rows", part.rows())
                            .put("accuracy", part.accuracy())
                            .put("standardError", part.standardError()));
        }
        return json.putPOJO("warnings", figures.warnings());
    }
}

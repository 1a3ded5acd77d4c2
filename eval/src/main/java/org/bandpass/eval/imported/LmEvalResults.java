package org.bandpass.eval.imported;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bandpass.schemas.EvaluationScore;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * A results file of EleutherAI's lm-evaluation-harness from version 0.4 on: an object {@code results} with an object for
 * each task, in it {@code "metric,filter"} with the score and {@code "metric_stderr,filter"} with its standard error.
 *
 * @param version of the harness; empty where the file does not tell
 */
record LmEvalResults(String version, List<Task> tasks) {

    /**
     * One task or group of tasks.
     *
     * @param name with the number of examples in the prompt, as {@code arc_easy/0-shot}, where the file tells it
     * @param version of the task; empty where the file does not tell
     * @param rows samples that were scored; 0 where the file does not tell, as for groups
     */
    record Task(String name, String version, int rows, List<EvaluationScore> scores) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ERROR = "_stderr";

    /** Fields of a task that are no scores. */
    private static final Set<String> DESCRIPTIONS =
            Set.of("alias", "name", "samples", "sample_len", "sample_count", "task_name", " ");

    /** Throws a ProgramFailure that names what is not understood. */
    static LmEvalResults read(Path file) {
        JsonNode root;
        try {
            root = JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new ProgramFailure(file + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ProgramFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
        JsonNode results = root.path("results");
        if (!results.isObject() || results.isEmpty()) {
            throw new ProgramFailure(
                    file + " is no results file of lm-eval: it has no object 'results' with tasks (lm-eval"
                            + " --output_path DIR writes results_TIME.json)");
        }
        List<Task> tasks = new ArrayList<>();
        results.properties().forEach(entry -> {
            List<EvaluationScore> scores = scores(file, entry.getKey(), entry.getValue());
            // The title of a group that was not aggregated has no scores.
            if (!scores.isEmpty()) {
                tasks.add(new Task(
                        entry.getKey() + shots(root, entry.getKey()),
                        root.path("versions").path(entry.getKey()).asText(""),
                        root.path("n-samples")
                                .path(entry.getKey())
                                .path("effective")
                                .asInt(0),
                        scores));
            }
        });
        if (tasks.isEmpty()) {
            throw new ProgramFailure(file + " holds no score");
        }
        return new LmEvalResults(
                root.path("lm_eval_version").asText(root.path("git_hash").asText("")), tasks);
    }

    private static String shots(JsonNode root, String task) {
        JsonNode shots = root.path("n-shot").path(task);
        JsonNode known = shots.isInt() ? shots : root.path("configs").path(task).path("num_fewshot");
        return known.isInt() ? "/" + known.asInt() + "-shot" : "";
    }

    private static List<EvaluationScore> scores(Path file, String task, JsonNode fields) {
        if (!fields.isObject()) {
            throw refused(file, task, "is no object with scores");
        }
        Map<String, Double> values = new LinkedHashMap<>();
        Map<String, Double> errors = new LinkedHashMap<>();
        fields.properties().stream()
                .filter(field -> !DESCRIPTIONS.contains(field.getKey()))
                .forEach(field -> {
                    String[] words = field.getKey().split(",", -1);
                    if (words.length != 2 || words[0].isBlank()) {
                        throw refused(
                                file,
                                task + "." + field.getKey(),
                                "is not understood: a score is named METRIC,FILTER, as lm-eval does from version 0.4 on");
                    }
                    Double value = number(file, task + "." + field.getKey(), field.getValue());
                    if (words[0].endsWith(ERROR)) {
                        String metric = words[0].substring(0, words[0].length() - ERROR.length());
                        errors.put(metric + "," + words[1], value == null ? Double.NaN : value);
                    } else if (value != null) {
                        values.put(field.getKey(), value);
                    }
                });
        return values.entrySet().stream()
                .map(score -> new EvaluationScore(score.getKey(), score.getValue(), finite(errors.get(score.getKey()))))
                .toList();
    }

    /** Returns a number, or null where the harness could not compute one, for which it writes N/A. */
    private static @Nullable Double number(Path file, String place, JsonNode value) {
        if (value.isNull() || value.isTextual() && value.asText().equals("N/A")) {
            return null;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw refused(file, place, "is no number: " + value);
        }
        return value.doubleValue();
    }

    private static @Nullable Double finite(@Nullable Double error) {
        return error == null || error.isNaN() ? null : error;
    }

    private static ProgramFailure refused(Path file, String place, String why) {
        return new ProgramFailure(file + ": results." + place + " " + why + "; nothing was written");
    }
}

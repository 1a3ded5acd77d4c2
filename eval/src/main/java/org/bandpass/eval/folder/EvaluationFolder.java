package org.bandpass.eval.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bandpass.eval.figures.ScoredTask;
import org.bandpass.eval.folder.FolderEvaluation.Model;
import org.bandpass.eval.folder.FolderEvaluation.Sizes;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.schemas.EvaluationAnswer;
import org.bandpass.schemas.EvaluationRow;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * An evaluation in a folder: {@code evaluation.json}, {@code evaluation.txt}, and {@code rows.jsonl} with the score of each
 * row, so that two folders can be compared row by row.
 */
public final class EvaluationFolder {

    private static final String JSON = "evaluation.json";
    private static final String TABLE = "evaluation.txt";
    private static final String ROWS = "rows.jsonl";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private EvaluationFolder() {}

    /** Returns whether a folder holds an evaluation. */
    public static boolean isOne(Path folder) {
        return Files.exists(folder.resolve(JSON)) && Files.exists(folder.resolve(ROWS));
    }

    /** Creates the folder and checks that files can be written there. Throws a ProgramFailure if that is not possible. */
    public static void create(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "evaluation", null));
        } catch (IOException e) {
            throw RowsFile.unwritable(folder, e);
        }
    }

    /** Writes the files, and replaces those of an earlier evaluation. Throws a ProgramFailure if that fails. */
    public static void write(FolderEvaluation evaluation, Path folder) {
        create(folder);
        try {
            // Without evaluation.json the folder is none: an interrupted write leaves no mixture of two.
            Files.deleteIfExists(folder.resolve(JSON));
            try (PrintWriter table = new PrintWriter(Files.newBufferedWriter(folder.resolve(TABLE)))) {
                EvaluationTable.print(evaluation, table);
            }
            writeRows(evaluation, folder.resolve(ROWS));
            Files.writeString(
                    folder.resolve(JSON), EvaluationJson.of(evaluation).toPrettyString() + "\n");
        } catch (IOException e) {
            throw RowsFile.unwritable(folder, e);
        }
    }

    private static void writeRows(FolderEvaluation evaluation, Path file) throws IOException {
        try (BufferedWriter rows = Files.newBufferedWriter(file)) {
            for (ScoredTask task : evaluation.scored().values()) {
                for (EvaluationRow row : task.rows()) {
                    rows.write(MAPPER.writeValueAsString(json(task.task().key(), row)));
                    rows.newLine();
                }
            }
        }
    }

    private static ObjectNode json(String task, EvaluationRow row) {
        ObjectNode json = MAPPER.createObjectNode()
                .put("task", task)
                .put("id", row.getId())
                .put("group", row.getGroup())
                .put("correct", row.getCorrect())
                .put("nats", row.getNats())
                .put("tokens", row.getTokens())
                .put("bytes", row.getBytes());
        EvaluationAnswer answer = row.getAnswer();
        if (answer != null) {
            json.put("options", answer.getOptions())
                    .put("choice", answer.getChoice())
                    .put("gold", answer.getGold())
                    .put("tied", answer.getTied())
                    .put("sumCorrect", answer.getSumCorrect())
                    .put("byteCorrect", answer.getByteCorrect())
                    .put("tokensCut", answer.getTokensCut())
                    .put("shotsLost", answer.getShotsLost())
                    .put("error", answer.getError());
        }
        return json;
    }

    /**
     * Reads an evaluation.
     *
     * @param profile the one that it was made with, or null to take the built-in one of its name
     * @throws ProgramFailure if the files are not readable, or are of another version of the profile
     */
    public static FolderEvaluation read(Path folder, @Nullable Profile profile) {
        try {
            JsonNode json = MAPPER.readTree(folder.resolve(JSON).toFile());
            String name = json.path("profile").path("name").asText();
            String version = json.path("profile").path("version").asText();
            if (profile == null && !Profile.names().contains(name)) {
                throw new ProgramFailure(folder + " holds an evaluation in profile " + name
                        + ", which is not built in; name its JSON file with --profile");
            }
            Profile known = profile == null ? Profile.named(name) : profile;
            if (!known.name().equals(name) || !known.version().equals(version)) {
                throw new ProgramFailure(folder + " holds an evaluation in profile " + name + " " + version + ", not "
                        + known.name() + " " + known.version() + "; evaluate the model again");
            }
            JsonNode model = json.path("model");
            return new FolderEvaluation(
                    new Model(
                            model.path("folder").asText(),
                            model.path("revision").asText(),
                            model.path("tokenizerRevision").asText()),
                    known,
                    new Sizes(
                            json.path("limit").isInt() ? json.path("limit").intValue() : null,
                            json.path("longestPrompt").asInt(),
                            json.path("seconds").asDouble()),
                    scored(json.path("tasks"), known, rows(folder.resolve(ROWS))));
        } catch (IOException e) {
            throw new ProgramFailure("cannot read the evaluation in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, ScoredTask> scored(
            JsonNode tasks, Profile profile, Map<String, List<EvaluationRow>> rows) {
        Map<String, JsonNode> byKey = new LinkedHashMap<>();
        tasks.forEach(task -> byKey.put(task.path("task").asText(), task));
        Map<String, ScoredTask> scored = new LinkedHashMap<>();
        for (ProfileTask task : profile.tasks()) {
            JsonNode json = byKey.get(task.key());
            if (json != null) {
                List<EvaluationRow> own = rows.getOrDefault(task.key(), List.of());
                if (own.size() != json.path("rows").asInt()) {
                    throw new ProgramFailure(ROWS + " has " + own.size() + " rows of " + task.key() + ", " + JSON + " "
                            + json.path("rows").asInt() + "; evaluate the model again");
                }
                scored.put(
                        task.key(),
                        new ScoredTask(
                                task,
                                DataState.valueOf(json.path("data").asText().toUpperCase(Locale.ROOT)),
                                json.path("version").asText(),
                                json.path("allRows").asInt(),
                                own));
            }
        }
        return scored;
    }

    private static Map<String, List<EvaluationRow>> rows(Path file) throws IOException {
        Map<String, List<EvaluationRow>> rows = new LinkedHashMap<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode json = MAPPER.readTree(line);
                rows.computeIfAbsent(json.path("task").asText(), task -> new ArrayList<>())
                        .add(row(json));
            }
        }
        return rows;
    }

    private static EvaluationRow row(JsonNode json) {
        return EvaluationRow.newBuilder()
                .setId(json.path("id").asText())
                .setGroup(json.path("group").asText())
                .setCorrect(number(json.path("correct")))
                .setNats(json.path("nats").asDouble())
                .setTokens(json.path("tokens").asLong())
                .setBytes(json.path("bytes").asLong())
                .setAnswer(json.has("options") ? answer(json) : null)
                .build();
    }

    private static EvaluationAnswer answer(JsonNode json) {
        return EvaluationAnswer.newBuilder()
                .setOptions(json.path("options").asInt())
                .setChoice(index(json.path("choice")))
                .setGold(index(json.path("gold")))
                .setTied(json.path("tied").asBoolean())
                .setSumCorrect(number(json.path("sumCorrect")))
                .setByteCorrect(number(json.path("byteCorrect")))
                .setTokensCut(json.path("tokensCut").asInt())
                .setShotsLost(json.path("shotsLost").asInt())
                .setError(json.path("error").isTextual() ? json.path("error").asText() : null)
                .build();
    }

    private static @Nullable Double number(JsonNode value) {
        return value.isNumber() ? value.doubleValue() : null;
    }

    private static @Nullable Integer index(JsonNode value) {
        return value.isInt() ? value.intValue() : null;
    }
}

package org.bandpass.eval.profile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bandpass.service.ProgramFailure;

/** Reads profiles: the program's own from its resources, others from files. */
final class ProfileReader {

    static final List<String> NAMES = List.of("paper-v0.2", "v0", "v0.2", "v0.3", "core-v2");

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private static final JsonSchema SCHEMA = new JsonSchema(resource("profile.schema.json"));

    private ProfileReader() {}

    static Profile read(String nameOrFile) {
        if (NAMES.contains(nameOrFile)) {
            return profile(resource(nameOrFile + ".json"), "profile " + nameOrFile);
        }
        Path file = Path.of(nameOrFile);
        if (!Files.isRegularFile(file)) {
            throw new ProgramFailure(
                    "there is no profile " + nameOrFile + ": neither a file nor one of " + String.join(", ", NAMES));
        }
        try {
            Profile own = profile(MAPPER.readTree(file.toFile()), file.toString());
            if (NAMES.contains(own.name())) {
                throw new ProgramFailure(file + " has the name of a built-in profile, " + own.name()
                        + "; give it a name of its own, so that their scores are not mixed");
            }
            return own;
        } catch (JsonProcessingException e) {
            throw new ProgramFailure(file + " is not JSON: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ProgramFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode resource(String name) {
        try (InputStream in = ProfileReader.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file " + name);
            }
            return MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Profile profile(JsonNode json, String where) {
        Optional<String> violation = SCHEMA.violation(json);
        if (violation.isPresent()) {
            throw new ProgramFailure(where + " is not a profile: " + violation.get()
                    + " (docs/evaluation.md shows a profile; the schema is profile.schema.json)");
        }
        List<ProfileTask> tasks = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (JsonNode element : json.get("tasks")) {
            ProfileTask task = task(element);
            if (!keys.add(task.key())) {
                throw new ProgramFailure(where + " has two tasks " + task.key() + "; give one another label");
            }
            tasks.add(task);
        }
        return new Profile(
                json.get("name").textValue(),
                json.get("version").textValue(),
                text(json, "description", ""),
                Averaging.of(json.get("average").textValue()),
                Weighting.of(text(json, "weighting", "equal")),
                tasks);
    }

    private static ProfileTask task(JsonNode json) {
        PromptFormat format = new PromptFormat(
                text(json, "start", ""),
                text(json, "example_delimiter", "\n"),
                text(json, "continuation_delimiter", " "),
                text(json, "question_prelimiter", ""),
                text(json, "cot_delimiter", ""));
        return new ProfileTask(
                json.get("label").textValue(),
                json.get("category").textValue(),
                TaskType.of(json.get("type").textValue()),
                file(json.get("file")),
                json.get("shots").intValue(),
                json.get("baseline").doubleValue(),
                json.path("by_category").booleanValue(),
                format,
                new GenerationRules(
                        texts(json.path("stops")), json.path("normalize").asBoolean(true)));
    }

    private static DataFile file(JsonNode json) {
        return new DataFile(
                texts(json.get("paths")),
                json.path("rows").intValue(),
                json.get("exact").textValue(),
                texts(json.path("rebuilt")));
    }

    private static String text(JsonNode json, String name, String otherwise) {
        return json.has(name) ? json.get(name).textValue() : otherwise;
    }

    private static List<String> texts(JsonNode json) {
        List<String> texts = new ArrayList<>();
        json.forEach(element -> texts.add(element.textValue()));
        return texts;
    }
}

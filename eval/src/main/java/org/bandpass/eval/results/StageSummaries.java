package org.bandpass.eval.results;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * The summaries that programs printed with {@code --json}, filed by stage in {@code DIR/stages}. Stages that ran
 * elsewhere have none.
 */
public final class StageSummaries {

    static final String INGEST = "ingest";
    static final String SCORE = "score";
    static final String AUDIT = "audit";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUFFIX = ".json";
    private static final List<String> FIRST =
            List.of(INGEST, "tokenizer", "train-reference", SCORE, "calibrate", "freeze", "select", "train-control");
    private static final List<String> LAST = List.of("eval", AUDIT);

    /** Values by stage, in the order of the experiment. */
    private final Map<String, List<JsonNode>> summaries = new LinkedHashMap<>();

    /** Reads the files, the trainings in the order of the bands; a folder that does not exist is empty. */
    StageSummaries(Path folder, List<String> bands) {
        Map<String, List<JsonNode>> found = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
                    String name = file.getFileName().toString();
                    found.put(name.substring(0, name.length() - SUFFIX.length()), values(file));
                }
            } catch (IOException e) {
                throw new ProgramFailure("cannot read the stages' summaries in " + folder + ": " + e.getMessage(), e);
            }
        }
        Stream<String> trainings = bands.stream().map(band -> "train-" + band);
        Stream<String> others = found.keySet().stream().filter(name -> !LAST.contains(name));
        Stream.of(FIRST.stream(), trainings, others, LAST.stream())
                .flatMap(names -> names)
                .filter(found::containsKey)
                .forEach(name -> summaries.putIfAbsent(name, found.getOrDefault(name, List.of())));
    }

    /** A file holds one JSON value, several with a line each, or an array of them. */
    private static List<JsonNode> values(Path file) throws IOException {
        List<JsonNode> values = new ArrayList<>();
        try (MappingIterator<JsonNode> nodes = JSON.readerFor(JsonNode.class).readValues(file.toFile())) {
            while (nodes.hasNextValue()) {
                JsonNode node = nodes.nextValue();
                Iterable<JsonNode> each = node.isArray() ? node : List.of(node);
                each.forEach(values::add);
            }
        } catch (JacksonException e) {
            throw new ProgramFailure(
                    "the summary " + file + " is not JSON (" + e.getOriginalMessage()
                            + "); delete it to make the report without it",
                    e);
        }
        return values;
    }

    /** Returns the stages that left a summary, in the order of the experiment. */
    public List<String> names() {
        return List.copyOf(summaries.keySet());
    }

    /** Returns all values of a stage's summary; empty where it has none. */
    List<JsonNode> values(String stage) {
        return summaries.getOrDefault(stage, List.of());
    }

    /** Returns the stages whose duration is known, with their seconds, in the order of the experiment. */
    public Map<String, Double> seconds() {
        Map<String, Double> durations = new LinkedHashMap<>();
        for (String stage : summaries.keySet()) {
            Double seconds = number(stage, "seconds");
            if (seconds != null) {
                durations.put(stage, seconds);
            }
        }
        return durations;
    }

    /** Returns a number of a stage's summary, the last of several; null where there is none. */
    public @Nullable Double number(String stage, String field) {
        Double last = null;
        for (JsonNode summary : values(stage)) {
            JsonNode value = summary.path(field);
            if (value.isNumber() && Double.isFinite(value.doubleValue())) {
                last = value.doubleValue();
            }
        }
        return last;
    }

    /** Returns documents or tokens per second, stated in the summary or derived from it; null if unknown. */
    public @Nullable Double rate(String stage, String unit) {
        Double stated = number(stage, unit + "PerSecond");
        Double many = number(stage, unit);
        Double seconds = number(stage, "seconds");
        if (stated != null || many == null || seconds == null || !(seconds > 0)) {
            return stated;
        }
        return many / seconds;
    }
}

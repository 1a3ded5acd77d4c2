package org.bandpass.eval.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * The summaries that programs printed with {@code --json}, filed by stage in {@code DIR/stages}. Stages that ran
 * elsewhere have none.
 */
public final class StageSummaries {

    static final String INGEST = "ingest";
    public static final String SCORE = "score";
    static final String AUDIT = "audit";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUFFIX = ".json";
    private static final List<String> FIRST =
            List.of(INGEST, "tokenizer", "train-reference", SCORE, "calibrate", "freeze", "select", "train-control");
    private static final List<String> LAST = List.of("eval", AUDIT);

    private final Map<String, List<JsonNode>> summaries;

    private StageSummaries(Map<String, List<JsonNode>> summaries) {
        this.summaries = summaries;
    }

    /** Reads what is filed, the trainings in the order of the bands; a folder that does not exist holds nothing. */
    static StageSummaries read(Path folder, List<String> bands) {
        Map<String, List<JsonNode>> found = new LinkedHashMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX))
                        .sorted()
                        .toList()) {
                    String name = file.getFileName().toString();
                    found.put(name.substring(0, name.length() - SUFFIX.length()), values(file));
                }
            } catch (IOException e) {
                throw new ProgramFailure("cannot read the stages' summaries in " + folder + ": " + e.getMessage(), e);
            }
        }
        return new StageSummaries(inOrder(found, bands));
    }

    /** A file holds one JSON value, a line each of several, or an array of them. */
    private static List<JsonNode> values(Path file) throws IOException {
        List<JsonNode> values = new ArrayList<>();
        try (MappingIterator<JsonNode> nodes = JSON.readerFor(JsonNode.class).readValues(file.toFile())) {
            while (nodes.hasNextValue()) {
                JsonNode node = nodes.nextValue();
                if (node.isArray()) {
                    node.forEach(values::add);
                } else {
                    values.add(node);
                }
            }
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new ProgramFailure(
                    "the summary " + file + " is not JSON (" + e.getOriginalMessage()
                            + "); delete it to make the report without it",
                    e);
        }
        return values;
    }

    private static Map<String, List<JsonNode>> inOrder(Map<String, List<JsonNode>> found, List<String> bands) {
        Map<String, List<JsonNode>> ordered = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(FIRST);
        bands.forEach(band -> names.add("train-" + band));
        found.keySet().stream().filter(name -> !LAST.contains(name)).forEach(names::add);
        names.addAll(LAST);
        for (String name : names) {
            List<JsonNode> values = found.get(name);
            if (values != null) {
                ordered.putIfAbsent(name, values);
            }
        }
        return ordered;
    }

    /** Returns the stages that left a summary, in the order of the experiment. */
    public List<String> names() {
        return List.copyOf(summaries.keySet());
    }

    /** Returns all values of a stage's summary; empty where it has none. */
    List<JsonNode> all(String stage) {
        return Collections.unmodifiableList(summaries.getOrDefault(stage, List.of()));
    }

    boolean has(String stage) {
        return summaries.containsKey(stage);
    }

    /** Returns a number of a stage's summary, or null where there is none. */
    @Nullable
    public Double number(String stage, String field) {
        List<JsonNode> values = all(stage);
        for (int i = values.size() - 1; i >= 0; i--) {
            JsonNode value = values.get(i).get(field);
            if (value != null && value.isNumber() && Double.isFinite(value.doubleValue())) {
                return value.doubleValue();
            }
        }
        return null;
    }

    /** Returns a rate: the one in the stage's summary, or an amount divided by the seconds. */
    @Nullable
    public Double rate(String stage, String field, String amount) {
        Double stated = number(stage, field);
        Double many = number(stage, amount);
        Double seconds = number(stage, "seconds");
        if (stated != null || many == null || seconds == null || !(seconds > 0)) {
            return stated;
        }
        return many / seconds;
    }
}

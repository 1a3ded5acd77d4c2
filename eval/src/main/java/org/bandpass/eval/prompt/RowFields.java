package org.bandpass.eval.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.service.ProgramFailure;

/** The fields of one line of a task's file. */
record RowFields(ProfileTask task, Path path, int line, JsonNode object) {

    Row row(int index) {
        String category = task.byCategory() ? PythonSpace.strip(text("category")) : "";
        return switch (task.type()) {
            case LANGUAGE_MODELING ->
                new Row(index, category, stripped("context"), stripped("continuation"), List.of(), -1, List.of(), "");
            case MULTIPLE_CHOICE -> {
                List<String> choices = texts("choices");
                yield new Row(index, category, stripped("query"), "", choices, gold(choices.size()), List.of(), "");
            }
            case SCHEMA -> {
                List<String> options = texts("context_options");
                yield new Row(
                        index, category, "", stripped("continuation"), options, gold(options.size()), List.of(), "");
            }
            case GENERATION -> generation(index, category);
        };
    }

    private Row generation(int index, String category) {
        TreeSet<String> labels = new TreeSet<>(CodePoints.ORDER);
        labels.add(text("answer"));
        if (object.hasNonNull("aliases")) {
            labels.addAll(texts("aliases"));
        }
        String reasoning = object.hasNonNull("chain_of_thought") ? stripped("chain_of_thought") : "";
        return new Row(
                index,
                category,
                stripped("context"),
                stripped("answer"),
                List.of(),
                -1,
                List.copyOf(labels),
                reasoning);
    }

    private String stripped(String name) {
        return PythonSpace.strip(text(name));
    }

    private String text(String name) {
        JsonNode value = value(name);
        if (!value.isTextual()) {
            throw bad(name, "must be text, not " + value);
        }
        return value.textValue();
    }

    private List<String> texts(String name) {
        JsonNode value = value(name);
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value) {
            if (!element.isTextual()) {
                throw bad(name, "must be a list of texts, but holds " + element);
            }
            texts.add(element.textValue());
        }
        if (!value.isArray()) {
            throw bad(name, "must be a list of texts, not " + value);
        }
        return List.copyOf(texts);
    }

    private int gold(int options) {
        JsonNode value = value("gold");
        if (!value.isInt() || value.intValue() < 0 || value.intValue() >= options) {
            throw bad("gold", "must be an index from 0 to " + (options - 1) + ", not " + value);
        }
        return value.intValue();
    }

    private JsonNode value(String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            throw bad(name, "is missing");
        }
        return value;
    }

    private ProgramFailure bad(String name, String problem) {
        return new ProgramFailure(path + " line " + line + ": field '" + name + "' of a "
                + task.type().key() + " row " + problem + "; fix the line, or copy the original file again");
    }
}

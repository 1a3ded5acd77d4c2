package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.languagemodel.file.JsonFile;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.bandpass.languagemodel.file.Revision;
import org.bandpass.languagemodel.file.SafetensorsWriter;

/** A HuggingFace folder: {@code config.json}, safetensors, perhaps a tokenizer. */
public final class ModelFolder {
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private ModelFolder() {}

    /** The first 16 hex digits of SHA-256 over {@code config.json} and the weights. */
    public static String revision(Path folder) {
        List<Path> files = new ArrayList<>(weightFiles(folder));
        files.add(0, folder.resolve("config.json"));
        return Revision.of(files);
    }

    /** Writes a model with the initial weights of a training of that seed into an existing directory. */
    public static void initialise(Path folder, ModelConfig config, long seed) {
        try (SafetensorsWriter file = weightsWriter(folder, config.architecture())) {
            int index = 0;
            for (Weight weight : config.architecture().weights()) {
                Initialisation numbers = new Initialisation(weight, index++, seed);
                while (numbers.hasNext()) {
                    file.write(numbers.next());
                }
            }
            write(folder.resolve("config.json"), config.json());
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be written", e);
        }
    }

    static SafetensorsWriter weightsWriter(Path folder, Architecture architecture) throws IOException {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        for (Weight weight : architecture.weights()) {
            shapes.put(architecture.fileName(weight), weight.shape());
        }
        return new SafetensorsWriter(folder.resolve(WEIGHTS), shapes);
    }

    /** Writes a file that must not exist yet, and forces it to disk. */
    static void write(Path file, JsonNode json) throws IOException {
        Files.writeString(file, json.toPrettyString() + "\n", StandardOpenOption.CREATE_NEW);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** The one file, or the shards of the index by name. */
    static List<Path> weightFiles(Path folder) {
        if (Files.exists(folder.resolve(WEIGHTS))) {
            return List.of(folder.resolve(WEIGHTS));
        }
        if (!Files.exists(folder.resolve(INDEX))) {
            throw ModelFormatException.expected(folder.toString(), WEIGHTS + " or " + INDEX, "neither");
        }
        return shards(folder).values().stream()
                .distinct()
                .sorted()
                .map(folder::resolve)
                .toList();
    }

    /** Tensor to file name from the index; empty where there is none. */
    static Map<String, String> shards(Path folder) {
        Path file = folder.resolve(INDEX);
        if (Files.exists(folder.resolve(WEIGHTS)) || !Files.exists(file)) {
            return Map.of();
        }
        JsonNode map = JsonFile.read(file).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw ModelFormatException.expected(file + ": weight_map", "tensors and their files", map.getNodeType());
        }
        Map<String, String> shards = new HashMap<>();
        map.properties().forEach(field -> {
            String name = field.getValue().asText();
            if (!name.matches("[\\w.-]+\\.safetensors")) {
                throw ModelFormatException.expected(
                        file + ": " + field.getKey(), "the name of a safetensors file", name);
            }
            shards.put(field.getKey(), name);
        });
        return shards;
    }
}

package org.bandpass.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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
        List<Path> files = new ArrayList<>();
        files.add(folder.resolve("config.json"));
        files.addAll(weightFiles(folder));
        return Revision.of(files);
    }

    /** Writes a model with the weights that a training of that seed starts from into an existing directory. */
    public static void initialise(Path folder, ModelConfig config, long seed) {
        try (SafetensorsWriter weights = weightsWriter(folder, config.architecture())) {
            Initialisation.write(config.architecture(), seed, weights);
            write(folder.resolve("config.json"), config.toJson());
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

    /** Writes a file that must not be there yet, and forces it to disk. */
    static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
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
            throw new ModelFormatException(folder + ": expected " + WEIGHTS + " or " + INDEX + ", found neither");
        }
        TreeSet<String> names = new TreeSet<>(shards(folder).values());
        return names.stream().map(folder::resolve).toList();
    }

    /** Tensor to file name, as the index has it; empty where there is none. */
    static Map<String, String> shards(Path folder) {
        Path file = folder.resolve(INDEX);
        if (Files.exists(folder.resolve(WEIGHTS)) || !Files.exists(file)) {
            return Map.of();
        }
        JsonNode map = JsonFile.read(file).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new ModelFormatException(
                    file + ": weight_map: expected tensors and their files, found " + map.getNodeType());
        }
        Map<String, String> shards = new HashMap<>();
        map.properties().forEach(field -> {
            String name = field.getValue().asText();
            if (!name.matches("[\\w.-]+\\.safetensors")) {
                throw new ModelFormatException(
                        file + ": " + field.getKey() + ": expected the name of a safetensors file, found " + name);
            }
            shards.put(field.getKey(), name);
        });
        return shards;
    }
}

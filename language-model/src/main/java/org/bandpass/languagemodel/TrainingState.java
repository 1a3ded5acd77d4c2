package org.bandpass.languagemodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.languagemodel.file.Dtype;
import org.bandpass.languagemodel.file.JsonFile;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.bandpass.languagemodel.file.SafetensorsFile;
import org.bandpass.languagemodel.file.SafetensorsWriter;

/** The files of a checkpoint beside the model: {@code optimizer.safetensors} and {@code training.json}. */
final class TrainingState {
    private static final String MOMENTS = "optimizer.safetensors";
    private static final String PROGRESS = "training.json";
    private static final List<String> LISTS = List.of("first_moment.", "second_moment.");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** @param step optimizer steps taken */
    record Progress(TrainingRecipe recipe, long step) {}

    private TrainingState() {}

    static void writeModel(Path folder, ModelConfig config, TorchProgram program) throws IOException {
        Architecture architecture = config.architecture();
        List<Weight> weights = architecture.weights();
        try (SafetensorsWriter file = ModelFolder.weightsWriter(folder, architecture)) {
            for (int i = 0; i < weights.size(); i++) {
                TensorPieces.receive(program, "piece", weights.get(i).size(), file, i);
            }
        }
        ModelFolder.write(folder.resolve("config.json"), config.toJson());
    }

    static void writeMoments(Path folder, ModelConfig config, Optimizer optimizer, TorchProgram program)
            throws IOException {
        List<Weight> weights = config.architecture().weights();
        int lists = optimizer.moments();
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        for (int list = 0; list < lists; list++) {
            for (Weight weight : weights) {
                shapes.put(LISTS.get(list) + weight.name(), weight.shape());
            }
        }
        try (SafetensorsWriter file = new SafetensorsWriter(folder.resolve(MOMENTS), shapes)) {
            for (int list = 0; list < lists; list++) {
                for (int i = 0; i < weights.size(); i++) {
                    TensorPieces.receive(program, "moment_piece", weights.get(i).size(), file, list, i);
                }
            }
        }
    }

    static void readMoments(Path folder, ModelConfig config, Optimizer optimizer, TorchProgram program)
            throws IOException {
        List<Weight> weights = config.architecture().weights();
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(MOMENTS))) {
            for (int list = 0; list < optimizer.moments(); list++) {
                for (int i = 0; i < weights.size(); i++) {
                    SafetensorsFile.Entry entry =
                            file.entries().get(LISTS.get(list) + weights.get(i).name());
                    List<Long> shape = weights.get(i).shape().stream()
                            .map(Integer::longValue)
                            .toList();
                    if (entry == null || !entry.shape().equals(shape) || entry.dtype() != Dtype.F32) {
                        throw new ModelFormatException(file.file() + ": " + LISTS.get(list)
                                + weights.get(i).name() + ": expected F32 " + shape + ", found "
                                + (entry == null ? "nothing" : entry.dtype() + " " + entry.shape()));
                    }
                    TensorPieces.send(program, "fill_moment", file, entry, list, i);
                }
            }
        }
    }

    static void writeProgress(Path folder, Progress progress) throws IOException {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("step", progress.step());
        json.set("recipe", MAPPER.valueToTree(progress.recipe()));
        ModelFolder.write(folder.resolve(PROGRESS), json.toPrettyString() + "\n");
    }

    static Progress readProgress(Path folder) {
        Path file = folder.resolve(PROGRESS);
        JsonNode json = JsonFile.read(file);
        if (!json.path("step").canConvertToLong() || !json.path("recipe").isObject()) {
            throw new ModelFormatException(file + ": expected step and recipe");
        }
        try {
            return new Progress(
                    MAPPER.treeToValue(json.get("recipe"), TrainingRecipe.class),
                    json.get("step").longValue());
        } catch (JsonProcessingException e) {
            throw new ModelFormatException(file + ": expected a training's progress: " + e.getOriginalMessage(), e);
        }
    }
}

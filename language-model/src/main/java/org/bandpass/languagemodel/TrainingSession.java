package org.bandpass.languagemodel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.languagemodel.file.Dtype;
import org.bandpass.languagemodel.file.JsonFile;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.bandpass.languagemodel.file.SafetensorsFile;
import org.bandpass.languagemodel.file.SafetensorsWriter;

/**
 * Weights and optimizer state between the steps of a training. A checkpoint is a model's folder with
 * {@code optimizer.safetensors} and {@code training.json}.
 *
 * <p>The same seed, rows and number of threads give the same weights bit for bit on the CPU, with or without a save and a
 * resume between. One thread at a time.
 */
public final class TrainingSession implements AutoCloseable {
    private static final String MOMENTS = "optimizer.safetensors";
    private static final String PROGRESS = "training.json";
    private static final List<String> LISTS = List.of("first_moment.", "second_moment.");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param step optimizer steps taken */
    private record Progress(long step, TrainingRecipe recipe) {}

    private final ModelConfig config;
    private final List<Weight> weights;
    private final TrainingRecipe recipe;
    private final TorchProgram program;
    private long step;

    private TrainingSession(ModelConfig config, TrainingRecipe recipe, String device) {
        if (recipe.sequenceTokens() > config.contextLength()) {
            throw new IllegalArgumentException("sequences of " + recipe.sequenceTokens()
                    + " tokens are longer than the model's context of " + config.contextLength());
        }
        this.config = config;
        this.weights = config.architecture().weights();
        this.recipe = recipe;
        String source = ProgramSource.of(config.architecture(), bf16(), recipe.optimizer());
        program = new TorchProgram(source, device, true);
    }

    /** Starts from the family's initialisation. */
    public static TrainingSession start(ModelConfig config, TrainingRecipe recipe, long seed, String device) {
        TrainingSession session = new TrainingSession(config, recipe, device);
        try {
            for (int i = 0; i < session.weights.size(); i++) {
                Weight weight = session.weights.get(i);
                session.program.allocate(weight.shape(), Torch.FLOAT32);
                Initialisation numbers = new Initialisation(weight, i, seed);
                while (numbers.hasNext()) {
                    long first = numbers.made();
                    session.program.send("fill", numbers.next(), DataType.FLOAT32, i, first);
                }
            }
            session.prepare();
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Continues from a checkpoint of {@link #save}. */
    public static TrainingSession resume(Path checkpoint, String device) {
        return resume(checkpoint, readProgress(checkpoint), device);
    }

    /** Continues from a checkpoint of {@link #save}, with another peak of the learning rate from the next step on. */
    public static TrainingSession resume(Path checkpoint, String device, double learningRate) {
        Progress progress = readProgress(checkpoint);
        TrainingRecipe recipe = progress.recipe().withLearningRate(learningRate);
        return resume(checkpoint, new Progress(progress.step(), recipe), device);
    }

    private static TrainingSession resume(Path checkpoint, Progress progress, String device) {
        ModelConfig config = ModelConfig.read(checkpoint);
        TrainingSession session = new TrainingSession(config, progress.recipe(), device);
        try (StoredWeights stored = StoredWeights.open(checkpoint, config.architecture())) {
            stored.copyTo(session.program, weight -> Torch.FLOAT32);
            session.prepare();
            session.readMoments(checkpoint.resolve(MOMENTS));
            session.step = progress.step();
            return session;
        } catch (IOException e) {
            session.close();
            throw new UncheckedIOException(checkpoint + ": " + e.getMessage() + " cannot be read", e);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static Progress readProgress(Path checkpoint) {
        Path file = checkpoint.resolve(PROGRESS);
        JsonNode json = JsonFile.read(file);
        if (!json.path("step").canConvertToLong() || !json.path("recipe").isObject()) {
            throw new ModelFormatException(file + ": expected step and recipe");
        }
        try {
            return JSON.treeToValue(json, Progress.class);
        } catch (JsonProcessingException e) {
            throw new ModelFormatException(file + ": expected a training's progress: " + e.getOriginalMessage(), e);
        }
    }

    private void readMoments(Path moments) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(moments)) {
            for (int list = 0; list < recipe.optimizer().moments(); list++) {
                for (int i = 0; i < weights.size(); i++) {
                    String name = LISTS.get(list) + weights.get(i).name();
                    SafetensorsFile.Entry entry = file.entries().get(name);
                    List<Long> shape = weights.get(i).longShape();
                    if (entry == null || !entry.shape().equals(shape) || entry.dtype() != Dtype.F32) {
                        throw ModelFormatException.expected(
                                moments + ": " + name,
                                "F32 " + shape,
                                entry == null ? "nothing" : entry.dtype() + " " + entry.shape());
                    }
                    program.send("fill_moment", entry, list, i);
                }
            }
        }
    }

    private boolean bf16() {
        return Torch.bf16(recipe.dtype());
    }

    private void prepare() {
        long[] dtypes = new long[weights.size() + 1];
        for (int i = 0; i < weights.size(); i++) {
            Weight.Role role = weights.get(i).role();
            boolean product = role == Weight.Role.PRODUCT || role == Weight.Role.BIAS;
            dtypes[i] = bf16() && product ? Torch.BFLOAT16 : Torch.FLOAT32;
        }
        dtypes[weights.size()] = bf16() ? Torch.BFLOAT16 : Torch.FLOAT32;
        program.run("prepare", dtypes);
    }

    /**
     * Takes one optimizer step.
     *
     * @param rows {@code rowsPerStep} rows of {@code sequenceTokens + 1} ids
     * @return mean nats per token before the step
     * @throws NonFiniteGradientException if the gradient is not finite; weights, moments and {@link #step} are then those
     *     before the step, and can be saved
     */
    public double step(int[][] rows) {
        int[] ids = flat(rows);
        int width = recipe.sequenceTokens() + 1;
        double share = 1.0 / ((double) recipe.rowsPerStep() * recipe.sequenceTokens());
        double nats = 0;
        for (int r = 0; r < rows.length; r += recipe.rowsPerMicroBatch()) {
            int count = Math.min(recipe.rowsPerMicroBatch(), rows.length - r);
            int[] some = Arrays.copyOfRange(ids, r * width, (r + count) * width);
            nats += program.call(
                    "accumulate",
                    m -> new NDList(m.create(some, new Shape(count, width)), m.create(share)),
                    TorchProgram::scalar);
        }
        update();
        return nats * share;
    }

    private void update() {
        double rateShare = recipe.rateShare(step);
        double clip = recipe.clipNorm() == 0 ? Double.MAX_VALUE : recipe.clipNorm();
        double[] numbers = {
            recipe.learningRate() * rateShare,
            recipe.weightDecay() * rateShare,
            recipe.beta1(),
            recipe.beta2(),
            clip,
            step + 1
        };
        double norm = program.call("update", m -> new NDList(m.create(numbers)), TorchProgram::scalar);
        if (!Double.isFinite(norm)) {
            throw new NonFiniteGradientException(step + 1, norm);
        }
        program.run("refresh", 0);
        step++;
    }

    private int[] flat(int[][] rows) {
        int width = recipe.sequenceTokens() + 1;
        if (rows.length != recipe.rowsPerStep()) {
            throw new IllegalArgumentException("a step has " + rows.length + " rows; expected " + recipe.rowsPerStep());
        }
        int[] ids = new int[rows.length * width];
        for (int r = 0; r < rows.length; r++) {
            if (rows[r].length != width) {
                throw new IllegalArgumentException("row " + r + " has " + rows[r].length + " ids; expected " + width);
            }
            for (int i = 0; i < width; i++) {
                int id = rows[r][i];
                if (id < 0 || id >= config.vocabularySize()) {
                    throw new IllegalArgumentException(
                            "id " + id + " is outside the model's vocabulary of " + config.vocabularySize());
                }
                ids[r * width + i] = id;
            }
        }
        return ids;
    }

    public long step() {
        return step;
    }

    /** Writes model, optimizer state and step into an existing empty directory, and forces them to disk. */
    public void save(Path directory) {
        writeModel(directory);
        try {
            writeMoments(directory.resolve(MOMENTS));
            JsonNode progress = JSON.valueToTree(new Progress(step, recipe));
            ModelFolder.write(directory.resolve(PROGRESS), progress);
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " cannot be written", e);
        }
    }

    private void writeMoments(Path moments) throws IOException {
        int lists = recipe.optimizer().moments();
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        for (String list : LISTS.subList(0, lists)) {
            weights.forEach(weight -> shapes.put(list + weight.name(), weight.shape()));
        }
        try (SafetensorsWriter file = new SafetensorsWriter(moments, shapes)) {
            for (int list = 0; list < lists; list++) {
                for (int i = 0; i < weights.size(); i++) {
                    program.receive("moment_piece", weights.get(i).size(), file, list, i);
                }
            }
        }
    }

    /** Writes {@code config.json} and {@code model.safetensors} into an existing directory that has neither. */
    public void writeModel(Path folder) {
        try (SafetensorsWriter file = ModelFolder.weightsWriter(folder, config.architecture())) {
            for (int i = 0; i < weights.size(); i++) {
                program.receive("piece", weights.get(i).size(), file, i);
            }
            ModelFolder.write(folder.resolve("config.json"), config.json());
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be written", e);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}

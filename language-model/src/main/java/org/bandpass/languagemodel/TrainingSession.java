package org.bandpass.languagemodel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Weights and optimizer state between the steps of a training.
 *
 * <p>The same seed, rows and number of threads give the same weights bit for bit on the CPU, with or without a save and a
 * resume between. One thread at a time.
 */
public final class TrainingSession implements AutoCloseable {
    private final ModelConfig config;
    private final TrainingRecipe recipe;
    private final TorchProgram program;
    private long step;

    private TrainingSession(ModelConfig config, TrainingRecipe recipe, String device) {
        if (recipe.sequenceTokens() > config.contextLength()) {
            throw new IllegalArgumentException("sequences of " + recipe.sequenceTokens()
                    + " tokens are longer than the model's context of " + config.contextLength());
        }
        this.config = config;
        this.recipe = recipe;
        String source = ProgramSource.of(config.architecture(), bf16(), recipe.optimizer());
        program = new TorchProgram(source, device, true);
    }

    /** Starts from the family's initialisation. */
    public static TrainingSession start(ModelConfig config, TrainingRecipe recipe, long seed, String device) {
        TrainingSession session = new TrainingSession(config, recipe, device);
        try {
            List<Weight> weights = config.architecture().weights();
            for (int i = 0; i < weights.size(); i++) {
                session.program.allocate(weights.get(i).shape(), Torch.FLOAT32);
                session.initialise(weights.get(i), i, seed);
            }
            session.prepare();
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Continues from what {@link #save} wrote. */
    public static TrainingSession resume(Path checkpoint, String device) {
        return resume(checkpoint, TrainingState.readProgress(checkpoint), device);
    }

    /** Continues from what {@link #save} wrote, with another peak of the learning rate from the next step on. */
    public static TrainingSession resume(Path checkpoint, String device, double learningRate) {
        TrainingState.Progress progress = TrainingState.readProgress(checkpoint);
        TrainingRecipe recipe = progress.recipe();
        return resume(
                checkpoint,
                new TrainingState.Progress(
                        recipe.withLearningRate(learningRate, recipe.weightDecay()), progress.step()),
                device);
    }

    private static TrainingSession resume(Path checkpoint, TrainingState.Progress progress, String device) {
        ModelConfig config = ModelConfig.read(checkpoint);
        TrainingSession session = new TrainingSession(config, progress.recipe(), device);
        try (StoredWeights stored = StoredWeights.open(checkpoint, config.architecture())) {
            List<Weight> weights = config.architecture().weights();
            for (int i = 0; i < weights.size(); i++) {
                session.program.allocate(weights.get(i).shape(), Torch.FLOAT32);
                stored.copy(weights.get(i).name(), session.program, i);
            }
            session.prepare();
            TrainingState.readMoments(checkpoint, config, progress.recipe().optimizer(), session.program);
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

    private boolean bf16() {
        return Torch.bf16(recipe.dtype());
    }

    private void initialise(Weight weight, int index, long seed) {
        Initialisation.pieces(
                weight, index, seed, (piece, at) -> program.send("fill", piece, DataType.FLOAT32, index, at));
    }

    private void prepare() {
        List<Weight> weights = config.architecture().weights();
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
            TrainingState.writeMoments(directory, config, recipe.optimizer(), program);
            TrainingState.writeProgress(directory, new TrainingState.Progress(recipe, step));
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " cannot be written", e);
        }
    }

    /** Writes {@code config.json} and {@code model.safetensors} into an existing directory that has neither. */
    public void writeModel(Path folder) {
        try {
            TrainingState.writeModel(folder, config, program);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be written", e);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}

package org.bandpass.languagemodel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.bandpass.languagemodel.file.ModelFormatException;

/** A model from a HuggingFace folder, ready to score ids. One thread at a time. */
public final class LanguageModel implements LikelihoodModel, ContinuationModel {
    private final ModelConfig config;
    private final String revision;
    private final TorchProgram program;

    private LanguageModel(ModelConfig config, String revision, TorchProgram program) {
        this.config = config;
        this.revision = revision;
        this.program = program;
    }

    /**
     * Loads a folder with {@code config.json} and safetensors.
     *
     * @param device {@code cpu} or {@code cuda:N}
     * @param dtype {@code fp32}, or {@code bf16}: products in bf16, reductions in fp32
     * @throws ModelFormatException where the folder's files contradict each other or are not supported
     */
    public static LanguageModel load(Path folder, String device, String dtype) {
        ModelConfig config = ModelConfig.read(folder);
        Architecture architecture = config.architecture();
        boolean bf16 = Torch.bf16(dtype);
        try (StoredWeights stored = StoredWeights.open(folder, architecture)) {
            TorchProgram program = new TorchProgram(ProgramSource.of(architecture, bf16, null), device, false);
            try {
                stored.copyTo(program, weight -> scoringDtype(weight, bf16));
                return new LanguageModel(config, ModelFolder.revision(folder), program);
            } catch (RuntimeException e) {
                program.close();
                throw e;
            }
        }
    }

    private static int scoringDtype(Weight weight, boolean bf16) {
        boolean norm = weight.role() == Weight.Role.GAIN || weight.role() == Weight.Role.OFFSET;
        return bf16 && !norm ? Torch.BFLOAT16 : Torch.FLOAT32;
    }

    /** The number of weights; tied ones count once. */
    public long parameters() {
        return config.parameters();
    }

    @Override
    public int contextLength() {
        return config.contextLength();
    }

    @Override
    public int vocabularySize() {
        return config.vocabularySize();
    }

    @Override
    public String revision() {
        return revision;
    }

    @Override
    public float[][] tokenNats(int[][] rows) {
        if (rows.length == 0) {
            return new float[0][];
        }
        float[] flat = compute("token_nats", rows, NDArray::toFloatArray);
        int width = flat.length / rows.length;
        float[][] nats = new float[rows.length][];
        for (int r = 0; r < rows.length; r++) {
            nats[r] = Arrays.copyOfRange(flat, r * width, r * width + rows[r].length - 1);
        }
        return nats;
    }

    @Override
    public double[] rowNats(int[][] rows) {
        return rows.length == 0 ? new double[0] : compute("row_nats", rows, NDArray::toDoubleArray);
    }

    @Override
    public List<List<ContinuationScore>> score(List<Question> questions, int batchTokens) {
        return new SharedContinuations(program, config).score(questions, batchTokens);
    }

    @Override
    public List<int[]> generate(
            List<int[]> prompts, int mostTokens, int batchTokens, BiPredicate<Integer, int[]> ended) {
        return new GreedyGeneration(program, config, ended).generate(prompts, mostTokens, batchTokens);
    }

    /** The id of the largest logit after a row of at most {@link #contextLength()} ids. */
    int mostLikely(int[] ids) {
        return Math.toIntExact(program.call(
                "most_likely", m -> new NDList(m.create(ids, new Shape(1, ids.length))), r -> r.toLongArray()[0]));
    }

    <T> T compute(String method, int[][] rows, Function<NDArray, T> result) {
        int width = 0;
        for (int[] row : rows) {
            check(row);
            width = Math.max(width, row.length);
        }
        int padded = 1 + padded(width - 1, contextLength());
        int[] ids = new int[rows.length * padded];
        Arrays.fill(ids, -1);
        for (int r = 0; r < rows.length; r++) {
            System.arraycopy(rows[r], 0, ids, r * padded, rows[r].length);
        }
        return program.call(method, m -> new NDList(m.create(ids, new Shape(rows.length, padded))), result);
    }

    /**
     * Returns the length that a batch of that many positions is padded to. There are few such lengths, 32 to an octave: at most
     * 3 % of padding, and few shapes for a device to prepare.
     */
    static int padded(int positions, int context) {
        int step = Math.max(1, Integer.highestOneBit(positions) / 32);
        return Math.min(context, (positions + step - 1) / step * step);
    }

    private void check(int[] row) {
        if (row.length < 2 || row.length > contextLength() + 1) {
            throw new IllegalArgumentException(
                    "a row has " + row.length + " ids; expected 2 to " + (contextLength() + 1));
        }
        for (int id : row) {
            if (id < 0 || id >= vocabularySize()) {
                throw new IllegalArgumentException(
                        "id " + id + " is outside the model's vocabulary of " + vocabularySize());
            }
        }
    }

    @Override
    public void close() {
        program.close();
    }
}

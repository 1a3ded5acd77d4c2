package org.bandpass.trainer.run;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.bandpass.languagemodel.ModelConfig;
import org.bandpass.languagemodel.Optimizer;
import org.bandpass.languagemodel.TrainingRecipe;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.service.Stop;
import org.bandpass.trainer.data.Texts;

/** Runs of a model that trains in a second: vocabulary 300, context 32, width 48, two layers. */
public final class TinyRuns {

    static final int SEQUENCE_TOKENS = 32;
    static final int ROWS = 8;

    private final Path folder;
    private final TrainerSettings settings;
    private final Stop stop;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /** Keeps tokenizer, config and runs in a folder. */
    public TinyRuns(Path folder, TrainerSettings settings, Stop stop) {
        this.folder = folder;
        this.settings = settings;
        this.stop = stop;
    }

    Path folder(String run) {
        return folder.resolve(run);
    }

    public Path tokenizer() {
        Path tokenizer = folder.resolve("tokenizer");
        if (!Files.exists(tokenizer)) {
            try {
                Files.createDirectories(tokenizer);
                BytePairTrainer.train(
                        IntStream.range(0, 40).mapToObj(i -> Texts.words(i, 60)).iterator(),
                        300,
                        tokenizer.resolve("tokenizer.json"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return tokenizer;
    }

    TrainedModel model() {
        return model("""
                {"model_type": "mpt", "vocab_size": 300, "max_seq_len": 32, "d_model": 48, "n_layers": 2, "n_heads": 3}
                """);
    }

    /** Returns a model whose input and output embeddings are two tensors. */
    TrainedModel llama() {
        return model("""
                {"model_type": "llama", "vocab_size": 300, "max_position_embeddings": 32, "hidden_size": 48,
                 "num_hidden_layers": 1, "num_attention_heads": 3, "intermediate_size": 64, "rms_norm_eps": 1e-5,
                 "tie_word_embeddings": false}
                """);
    }

    /** Returns the id of a text of one token. */
    int idOf(String text) {
        try (TextTokenizer ids = TextTokenizer.load(tokenizer())) {
            return ids.encode(text)[0];
        }
    }

    private TrainedModel model(String json) {
        try {
            Path config = Files.createDirectories(folder.resolve("config"));
            Files.writeString(config.resolve("config.json"), json);
            return new TrainedModel("test", ModelConfig.read(config), ROWS, TinyRuns::recipe);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TrainingRecipe recipe(long steps, int rows) {
        return new TrainingRecipe(
                Optimizer.ADAMW, 5e-3, 5e-4, 0.9, 0.95, 1, 0.1, 0.1, steps, rows, Math.min(rows, 4), 32, "fp32");
    }

    RunRequest request(String run, RunRequest.Choice choice, long tokens) {
        return new RunRequest(
                run, choice, tokenizer(), tokens, null, 7, folder(run), false, false, "cpu", "fp32", 0, null);
    }

    static RunRequest.Choice reference() {
        return new RunRequest.Choice(true, null, null);
    }

    static RunRequest.Choice control() {
        return new RunRequest.Choice(false, null, null);
    }

    static RunRequest.Choice band(String plan, String band) {
        return new RunRequest.Choice(false, plan, band);
    }

    static RunRequest with(RunRequest r, long seed, Path out, boolean resume, long checkpointEvery) {
        return new RunRequest(
                r.run(),
                r.choice(),
                r.tokenizerFolder(),
                r.tokens(),
                r.minutes(),
                seed,
                out,
                resume,
                false,
                r.device(),
                r.dtype(),
                checkpointEvery,
                r.learningRate());
    }

    static RunRequest at(RunRequest r, double learningRate) {
        return new RunRequest(
                r.run(),
                r.choice(),
                r.tokenizerFolder(),
                r.tokens(),
                r.minutes(),
                r.seed(),
                r.out(),
                r.resume(),
                r.waitForTopics(),
                r.device(),
                r.dtype(),
                r.checkpointEvery(),
                learningRate);
    }

    static RunRequest resumed(RunRequest r) {
        return with(r, r.seed(), r.out(), true, r.checkpointEvery());
    }

    /** Trains; returns the output. */
    public String train(RunRequest request) {
        return train(request, model());
    }

    public String train(RunRequest request, TrainedModel model) {
        StringWriter out = new StringWriter();
        try (TextTokenizer tokenizer = TextTokenizer.load(request.tokenizerFolder())) {
            new Trainer(settings, new TrainerMeters(meters), new TrainOutput(new PrintWriter(out), true), stop)
                    .train(request, model, tokenizer);
        }
        return out.toString();
    }

    /** Returns the value of a counter, summed over all tags. */
    double counted(String name) {
        return meters.find(name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    static List<String> modelFiles() {
        return List.of("config.json", "model.safetensors", "tokenizer.json");
    }
}

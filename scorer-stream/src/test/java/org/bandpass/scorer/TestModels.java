package org.bandpass.scorer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.languagemodel.LikelihoodModel;
import org.bandpass.languagemodel.ModelFolder;
import org.bandpass.languagemodel.ModelPreset;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;

/** Model folders with random weights, and models made of arithmetic. */
final class TestModels {

    static final int VOCABULARY = 300;

    private TestModels() {}

    /** Writes a folder with a model of random weights and a tokenizer. */
    static Path folder(Path parent, String name, long seed) throws IOException {
        Path folder = Files.createDirectories(parent.resolve(name));
        ModelFolder.initialise(folder, ModelPreset.named("tiny").config(VOCABULARY), seed);
        tokenizer(folder);
        return folder;
    }

    /** Writes a tokenizer.json into a folder. */
    static Path tokenizer(Path folder) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            texts.add(Texts.words(1_000 + i, 500));
        }
        Path file = folder.resolve("tokenizer.json");
        BytePairTrainer.train(texts.iterator(), VOCABULARY, file);
        return file;
    }

    /** Returns models on test devices, with the tokenizer of a folder. */
    static ReferenceModel of(Path tokenizer, LikelihoodModel... models) {
        Map<String, LikelihoodModel> devices = new LinkedHashMap<>();
        for (LikelihoodModel model : models) {
            devices.put("test:" + devices.size(), model);
        }
        TextTokenizer opened = TextTokenizer.load(tokenizer);
        return new ReferenceModel(devices, opened, opened.contextToken(), "fp32");
    }

    /** Returns a view of a model with another dtype; close the model itself. */
    static ReferenceModel withDtype(ReferenceModel model, String dtype) {
        return new ReferenceModel(model.devices(), model.tokenizer(), model.context(), dtype);
    }

    static ReferenceModel uniform(Path tokenizer) {
        return of(tokenizer, new UniformModel(VOCABULARY, "uniform"));
    }
}

package org.bandpass.scorer;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.languagemodel.DeviceOptions;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.LikelihoodModel;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.service.ConfigurationException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** Opens HuggingFace folders; failures say in a sentence what is wrong with them. */
final class ModelOpener {

    private static final String TOKENIZER = "tokenizer.json";

    private ModelOpener() {}

    /**
     * Opens a model and its tokenizer.
     *
     * @param devices one or more, {@code cpu} or {@code cuda:N}
     * @param dtype {@code fp32}, {@code bf16}, or null for the usual one of the first device
     * @throws ProgramFailure if the folder's files cannot be used
     * @throws ConfigurationException if a device does not exist
     */
    static ReferenceModel open(Path folder, List<String> devices, @Nullable String dtype, ContextTokenOption context) {
        requireFolder(folder);
        if (!hasTokenizer(folder)) {
            throw new ProgramFailure("the model folder " + folder + " has no " + TOKENIZER
                    + ": text can only be scored with the tokenizer that the model was trained with; put it there");
        }
        String numbers = dtype == null ? DeviceOptions.usualDtype(devices.get(0)) : dtype;
        Map<String, LikelihoodModel> models = new LinkedHashMap<>();
        TextTokenizer tokenizer = null;
        try {
            // Before the tokenizer, which makes DJL work offline: libtorch for a GPU may have to be downloaded.
            devices.forEach(device -> models.put(device, model(folder, device, numbers)));
            tokenizer = tokenizer(folder);
            LikelihoodModel any = models.values().iterator().next();
            return new ReferenceModel(models, tokenizer, context.of(tokenizer, any), numbers);
        } catch (RuntimeException e) {
            models.values().forEach(LikelihoodModel::close);
            if (tokenizer != null) {
                tokenizer.close();
            }
            throw e;
        }
    }

    static LanguageModel model(Path folder, String device, String dtype) {
        requireFolder(folder);
        try {
            return LanguageModel.load(folder, device, dtype);
        } catch (ModelFormatException | UncheckedIOException e) {
            throw new ProgramFailure("the model in " + folder + " cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new ProgramFailure(
                    "the model in " + folder + " cannot be put on " + device + ": " + e.getMessage(), e);
        }
    }

    static boolean hasTokenizer(Path folder) {
        return Files.exists(folder.resolve(TOKENIZER));
    }

    /** Opens a {@code tokenizer.json}, or that of a folder. */
    static TextTokenizer tokenizer(Path file) {
        if (!Files.exists(file)) {
            throw new ProgramFailure("there is no tokenizer " + file);
        }
        try {
            return TextTokenizer.load(file);
        } catch (ModelFormatException | UncheckedIOException e) {
            throw new ProgramFailure("the tokenizer " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void requireFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ProgramFailure("there is no model folder " + folder
                    + ": expected a directory with config.json, model.safetensors and tokenizer.json");
        }
    }
}

package org.bandpass.trainer.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.bandpass.languagemodel.tokenizer.ContextToken;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.service.ProgramFailure;

/** The files of a tokenizer, named as in {@code transformers}. */
public final class TokenizerFiles {

    public static final String TOKENIZER = "tokenizer.json";
    public static final String CONFIG = "tokenizer_config.json";

    private static final List<String> ALL = List.of(TOKENIZER, CONFIG, "special_tokens_map.json");

    private TokenizerFiles() {}

    /** @throws ProgramFailure if there is none, or it has no end-of-text token */
    public static TextTokenizer load(Path folder) {
        if (!Files.exists(folder.resolve(TOKENIZER))) {
            throw new ProgramFailure("there is no tokenizer in " + folder + ": expected " + folder.resolve(TOKENIZER)
                    + "; 'bandpass tokenizer --out " + folder + "' trains one");
        }
        try {
            TextTokenizer tokenizer = TextTokenizer.load(folder);
            try {
                tokenizer.endOfText();
                return tokenizer;
            } catch (RuntimeException e) {
                tokenizer.close();
                throw e;
            }
        } catch (ModelFormatException | UncheckedIOException e) {
            throw new ProgramFailure("the tokenizer cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Copies the existing files into a folder that has none of them, beside a model that learns texts after end-of-text,
     * as the rows of a training do.
     *
     * @throws IOException if the tokenizer has been removed since it was loaded: a model is of no use without it
     */
    public static void copy(Path tokenizerFolder, Path to) throws IOException {
        for (String name : ALL) {
            if (name.equals(TOKENIZER) || Files.exists(tokenizerFolder.resolve(name))) {
                Files.copy(tokenizerFolder.resolve(name), to.resolve(name));
            }
        }
        ContextToken.recordTrained(tokenizerFolder, to);
    }
}

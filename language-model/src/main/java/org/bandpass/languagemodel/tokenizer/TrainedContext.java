package org.bandpass.languagemodel.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bandpass.languagemodel.file.JsonFile;
import org.jspecify.annotations.Nullable;

/**
 * Makes a folder say that its model learned texts after end-of-text. Where the tokenizer would put another token first, the
 * model has never seen that one.
 */
public final class TrainedContext {
    static final String KEY = "bandpass_context_token";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private TrainedContext() {}

    /**
     * Notes it in the {@code tokenizer_config.json} of a model that was trained, where its folder would not show it.
     *
     * @param tokenizerFolder whose end-of-text token was before each text
     * @param folder the model's, with a copy of the tokenizer's files
     */
    public static void note(Path tokenizerFolder, Path folder) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        TokenizerJson json = TokenizerJson.read(file);
        Integer end = end(tokenizerFolder, json);
        ContextToken begin = ContextToken.begin(json.ids(), json.postProcessor(), TokenizerConfig.beside(file));
        if (end == null || end.equals(begin == null ? end(folder, json) : Integer.valueOf(begin.id()))) {
            return;
        }
        Path beside = folder.resolve(TokenizerConfig.FILE);
        JsonNode known = Files.exists(beside) ? JsonFile.read(beside) : MAPPER.createObjectNode();
        ObjectNode noted = known instanceof ObjectNode object ? object : MAPPER.createObjectNode();
        json.ids().forEach((token, id) -> {
            if (id.equals(end)) {
                noted.put(KEY, token);
            }
        });
        Files.writeString(beside, noted.toPrettyString() + "\n");
    }

    private static @Nullable Integer end(Path folder, TokenizerJson json) {
        return EndOfText.find(json.ids(), TokenizerConfig.beside(folder.resolve("tokenizer.json")));
    }
}

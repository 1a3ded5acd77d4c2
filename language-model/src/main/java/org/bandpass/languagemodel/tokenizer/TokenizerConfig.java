package org.bandpass.languagemodel.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bandpass.languagemodel.file.JsonFile;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The files beside a {@code tokenizer.json} that give its tokens their uses. Any of them may be absent.
 *
 * @param config {@code tokenizer_config.json}
 * @param map {@code special_tokens_map.json}
 * @param model the model's {@code config.json}
 * @param generation {@code generation_config.json}
 * @param chatTemplate all templates of a chat
 */
record TokenizerConfig(JsonNode config, JsonNode map, JsonNode model, JsonNode generation, String chatTemplate) {
    static final String FILE = "tokenizer_config.json";
    /** The key of the token after which Bandpass trained the model. */
    static final String TRAINED_AFTER = "bandpass_context_token";

    /** Classes of {@code transformers} that put a begin-of-text token first by default, and that token. */
    private static final Map<String, String> BEGINNING = Map.of(
            "LlamaTokenizer", "<s>",
            "CodeLlamaTokenizer", "<s>",
            "InternLM2Tokenizer", "<s>",
            "BaichuanTokenizer", "<s>",
            "GemmaTokenizer", "<bos>",
            "CohereTokenizer", "<BOS_TOKEN>");

    /** @throws ModelFormatException where one of them is no JSON */
    static TokenizerConfig beside(Path tokenizerJson) {
        JsonNode config = read(tokenizerJson.resolveSibling(FILE));
        return new TokenizerConfig(
                config,
                read(tokenizerJson.resolveSibling("special_tokens_map.json")),
                read(tokenizerJson.resolveSibling("config.json")),
                read(tokenizerJson.resolveSibling("generation_config.json")),
                config.path("chat_template") + text(tokenizerJson.resolveSibling("chat_template.jinja")));
    }

    private static JsonNode read(Path json) {
        return Files.exists(json) ? JsonFile.read(json) : MissingNode.getInstance();
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** Returns the tokens named for a use, such as {@code eos_token}: at most one from each file. */
    List<String> named(String use) {
        List<String> named = new ArrayList<>();
        addTexts(config.path(use), named);
        addTexts(map.path(use), named);
        return named;
    }

    /** Returns every token named as begin, end, padding or as additional special, or marked special. */
    Set<String> special() {
        List<String> named = new ArrayList<>();
        List.of("bos_token", "eos_token", "pad_token").forEach(use -> named.addAll(named(use)));
        for (JsonNode file : List.of(config, map)) {
            for (String key : List.of("additional_special_tokens", "extra_special_tokens")) {
                file.path(key).forEach(token -> addTexts(token, named));
            }
        }
        for (JsonNode token : config.path("added_tokens_decoder")) {
            if (token.path("special").asBoolean()) {
                addTexts(token, named);
            }
        }
        return new TreeSet<>(named);
    }

    private static void addTexts(JsonNode token, List<String> to) {
        JsonNode text = token.isObject() ? token.path("content") : token;
        if (text.isTextual() && !text.asText().isEmpty()) {
            to.add(text.asText());
        }
    }

    /** Returns the token after which the model learned texts, if its training recorded one. */
    @Nullable
    String trainedAfter() {
        return config.path(TRAINED_AFTER).textValue();
    }

    /** Returns the begin-of-text token that {@code transformers} puts first with these files, or null where it puts none. */
    @Nullable
    String begin() {
        JsonNode set = config.path("add_bos_token");
        String implied = BEGINNING.get(tokenizerClass());
        if (set.isBoolean() ? !set.booleanValue() : implied == null) {
            return null;
        }
        String otherwise = config.has("bos_token") ? null : implied;
        return named("bos_token").stream().findFirst().orElse(otherwise);
    }

    private String tokenizerClass() {
        String name = config.path("tokenizer_class")
                .asText(model.path("tokenizer_class").asText());
        return name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name;
    }

    /** Returns whether the templates of a chat contain that token. */
    boolean isInChatTemplate(String token) {
        // A template within JSON has its quotes escaped.
        return chatTemplate.contains(token) || chatTemplate.contains(token.replace("\"", "\\\""));
    }

    /** Returns the ids at which generation ends, from the model's own files. */
    List<Integer> endIds() {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode file : List.of(generation, model)) {
            JsonNode end = file.path("eos_token_id");
            (end.isArray() ? end : List.of(end)).forEach(id -> {
                if (id.canConvertToInt() && id.isIntegralNumber()) {
                    ids.add(id.intValue());
                }
            });
        }
        return ids;
    }
}

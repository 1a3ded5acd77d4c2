package org.bandpass.languagemodel.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder with a small tokenizer: each letter, blank and sign is a token, and "ab" is merged. */
final class TokenizerFolder {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz </>|_▁";

    private final Path folder;
    private final ObjectNode json = MAPPER.createObjectNode();
    private final ObjectNode model;
    private final ObjectNode vocabulary;
    private final ArrayNode merges;
    private final ArrayNode added;

    TokenizerFolder(Path folder) {
        this.folder = folder;
        json.put("version", "1.0").putNull("truncation").putNull("padding");
        added = json.putArray("added_tokens");
        json.putNull("normalizer")
                .putNull("pre_tokenizer")
                .putNull("post_processor")
                .putNull("decoder");
        model = json.putObject("model").put("type", "BPE");
        vocabulary = model.putObject("vocab");
        merges = model.putArray("merges");
        LETTERS.codePoints().forEach(c -> vocabulary.put(Character.toString(c), vocabulary.size()));
        merge("a", "b");
    }

    /** Adds a merge of two tokens. */
    TokenizerFolder merge(String first, String second) {
        vocabulary.put(first + second, vocabulary.size());
        merges.add(first + " " + second);
        return this;
    }

    /** Adds tokens that are also in the model's vocabulary. */
    TokenizerFolder known(boolean special, String... tokens) {
        for (String token : tokens) {
            if (!vocabulary.has(token)) {
                vocabulary.put(token, vocabulary.size());
            }
            add(special, token, vocabulary.get(token).asInt());
        }
        return this;
    }

    /** Adds tokens after the model's vocabulary. */
    TokenizerFolder added(boolean special, String... tokens) {
        for (String token : tokens) {
            int next = vocabulary.size();
            for (int i = 0; i < added.size(); i++) {
                next = Math.max(next, 1 + added.get(i).path("id").asInt());
            }
            add(special, token, next);
        }
        return this;
    }

    private void add(boolean special, String token, int id) {
        ObjectNode entry = added.addObject().put("id", id).put("content", token).put("special", special);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
            entry.put(flag, false);
        }
    }

    ObjectNode json() {
        return json;
    }

    ObjectNode model() {
        return model;
    }

    /** Id of an added token. */
    int id(String token) {
        for (int i = 0; i < added.size(); i++) {
            if (added.get(i).path("content").asText().equals(token)) {
                return added.get(i).path("id").asInt();
            }
        }
        return vocabulary.get(token).asInt();
    }

    /** Writes a file beside the tokenizer; single quotes stand for double ones. */
    TokenizerFolder beside(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content.replace('\'', '"'));
        return this;
    }

    TextTokenizer open() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        return TextTokenizer.load(folder);
    }
}

package org.bandpass.languagemodel.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.bandpass.languagemodel.file.JsonFile;
import org.bandpass.languagemodel.file.ModelFormatException;

/**
 * The content of a {@code tokenizer.json}, and its change for plain texts: nothing at random, no truncation or padding, and no
 * special token found within a text.
 *
 * @param ids ids of all tokens, added ones included
 */
record TokenizerJson(ObjectNode json, Map<String, Integer> ids) {
    private static final String ADDED = "added_tokens";
    private static final String CONTENT = "content";
    private static final String UNKNOWN = "unk_token";

    /** @throws ModelFormatException where it is no JSON object, or has no tokens */
    static TokenizerJson read(Path file) {
        JsonNode json = JsonFile.read(file);
        if (!(json instanceof ObjectNode object)) {
            throw ModelFormatException.expected(file.toString(), "a JSON object", json.getNodeType());
        }
        Map<String, Integer> ids = vocabulary(object.path("model"));
        for (JsonNode added : object.path(ADDED)) {
            ids.put(added.path(CONTENT).asText(), added.path("id").asInt());
        }
        if (ids.isEmpty()) {
            throw ModelFormatException.expected(file + ": model.vocab", "tokens and ids", "none");
        }
        return new TokenizerJson(object, ids);
    }

    private static Map<String, Integer> vocabulary(JsonNode model) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        JsonNode vocabulary = model.path("vocab");
        vocabulary
                .properties()
                .forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt()));
        for (int i = 0; vocabulary.isArray() && i < vocabulary.size(); i++) {
            // Unigram models list [piece, score] by id.
            ids.put(vocabulary.get(i).path(0).asText(), i);
        }
        return ids;
    }

    /** Returns the part that adds special tokens around a text; absent where none does. */
    JsonNode postProcessor() {
        return json.path("post_processor");
    }

    /** Returns whether the regular expressions run in linear time. */
    boolean isLinear() {
        return KnownPatterns.cover(json.path("normalizer"), json.path("pre_tokenizer"));
    }

    /**
     * Turns the content into the JSON to tokenise texts with, and returns it. A special token gets a name that no text contains,
     * because its removal would change the ids of others.
     *
     * @param named further special tokens, which the file may not mark as special
     */
    String forTexts(Set<String> named) {
        json.putNull("truncation").putNull("padding");
        Set<String> special = new TreeSet<>(named);
        for (JsonNode added : json.path(ADDED)) {
            if (added.path("special").asBoolean()) {
                special.add(added.path(CONTENT).asText());
            }
        }
        JsonNode model = json.path("model");
        Set<String> ordinary = ordinary(model, special);
        special.removeAll(ordinary);
        String secret = UUID.randomUUID() + ":";
        if (model instanceof ObjectNode object) {
            // Randomness for training: BPE drops merges, Unigram samples a division.
            object.remove(List.of("dropout", "nbest_size", "alpha"));
            rename(object, special, secret);
        }
        Iterator<JsonNode> all = json.path(ADDED).elements();
        while (all.hasNext()) {
            JsonNode added = all.next();
            String content = added.path(CONTENT).asText();
            if (ordinary.contains(content)) {
                all.remove();
            } else if (special.contains(content) && added instanceof ObjectNode object) {
                object.put(CONTENT, secret + content);
            }
        }
        return json.toString();
    }

    private static void rename(ObjectNode model, Set<String> tokens, String secret) {
        JsonNode vocabulary = model.path("vocab");
        for (String token : tokens) {
            if (vocabulary instanceof ObjectNode object && object.has(token)) {
                object.set(secret + token, object.remove(token));
                if (model.path(UNKNOWN).asText().equals(token)) {
                    model.put(UNKNOWN, secret + token);
                }
            }
        }
        for (JsonNode entry : vocabulary) {
            if (entry instanceof ArrayNode pair && tokens.contains(pair.path(0).asText())) {
                pair.set(0, secret + pair.path(0).asText());
            }
        }
    }

    /**
     * Returns the special tokens that are also vocabulary, such as a character that serves as padding: the model itself makes
     * them from a text, and needs them.
     */
    private static Set<String> ordinary(JsonNode model, Set<String> special) {
        Map<String, Integer> vocabulary = vocabulary(model);
        Set<String> ordinary = new HashSet<>(special);
        ordinary.removeIf(token -> !isElement(token) || !vocabulary.containsKey(token));
        for (JsonNode merge : model.path("merges")) {
            addMerged(merge, special, ordinary);
        }
        return ordinary;
    }

    private static boolean isElement(String token) {
        return token.codePointCount(0, token.length()) == 1 || token.matches("<0x[0-9A-F]{2}>");
    }

    private static void addMerged(JsonNode merge, Set<String> special, Set<String> ordinary) {
        String[] parts = merge.isTextual()
                ? merge.asText().split(" ", 2)
                : new String[] {merge.path(0).asText(), merge.path(1).asText()};
        for (String token : parts.length == 2 ? List.of(parts[0], parts[1], parts[0] + parts[1]) : List.<String>of()) {
            if (special.contains(token)) {
                ordinary.add(token);
            }
        }
    }
}

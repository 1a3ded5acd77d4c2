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
 * The content of a {@code tokenizer.json}, and the change that makes it take texts as texts: nothing at random, nothing cut
 * or filled up, and no special token found within a text.
 */
final class TokenizerJson {
    /** Randomness for training: BPE drops merges, Unigram samples a division. */
    private static final List<String> FOR_TRAINING = List.of("dropout", "nbest_size", "alpha");

    private static final String ADDED = "added_tokens";
    private static final String CONTENT = "content";
    private static final String UNKNOWN = "unk_token";

    private final ObjectNode json;
    private final Map<String, Integer> ids;

    private TokenizerJson(ObjectNode json) {
        this.json = json;
        ids = ids(json);
    }

    /** @throws ModelFormatException where it is no JSON object, or has no tokens */
    static TokenizerJson read(Path file) {
        JsonNode json = JsonFile.read(file);
        if (!(json instanceof ObjectNode object)) {
            throw new ModelFormatException(file + ": expected a JSON object, found " + json.getNodeType());
        }
        TokenizerJson tokenizer = new TokenizerJson(object);
        if (tokenizer.ids.isEmpty()) {
            throw new ModelFormatException(file + ": model.vocab: expected tokens and ids, found none");
        }
        return tokenizer;
    }

    private static Map<String, Integer> ids(ObjectNode json) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        JsonNode vocabulary = json.path("model").path("vocab");
        vocabulary
                .properties()
                .forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt()));
        if (vocabulary.isArray()) {
            // Unigram models list [piece, score] by id.
            for (int i = 0; i < vocabulary.size(); i++) {
                ids.put(vocabulary.get(i).path(0).asText(), i);
            }
        }
        for (JsonNode added : json.path(ADDED)) {
            ids.put(added.path(CONTENT).asText(), added.path("id").asInt());
        }
        return ids;
    }

    Map<String, Integer> ids() {
        return ids;
    }

    /** Returns what adds special tokens around a text; absent where nothing does. */
    JsonNode postProcessor() {
        return json.path("post_processor");
    }

    /** Returns whether the regular expressions run in linear time. */
    boolean isLinear() {
        return KnownPatterns.cover(json.path("normalizer"), json.path("pre_tokenizer"));
    }

    /**
     * Turns the content into the JSON to tokenise texts with, and returns that. A special token gets a name that no text has,
     * since taking it out would move the ids of others.
     *
     * @param named further tokens that are special, although the file may not mark them so
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
        String secret = UUID.randomUUID() + ":";
        if (model instanceof ObjectNode object) {
            object.remove(FOR_TRAINING);
            special.stream().filter(token -> !ordinary.contains(token)).forEach(token -> rename(object, token, secret));
            renamePieces(object, special, ordinary, secret);
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

    private static void rename(ObjectNode model, String token, String secret) {
        if (model.path("vocab") instanceof ObjectNode vocabulary && vocabulary.has(token)) {
            vocabulary.set(secret + token, vocabulary.remove(token));
            if (model.path(UNKNOWN).asText().equals(token)) {
                model.put(UNKNOWN, secret + token);
            }
        }
    }

    private static void renamePieces(ObjectNode model, Set<String> special, Set<String> ordinary, String secret) {
        if (model.path("vocab").isArray()) {
            for (JsonNode entry : model.path("vocab")) {
                String piece = entry.path(0).asText();
                if (special.contains(piece) && !ordinary.contains(piece) && entry instanceof ArrayNode pair) {
                    pair.set(0, secret + piece);
                }
            }
        }
    }

    /**
     * Returns the special tokens that are vocabulary as well, such as a character that serves as padding: the model makes them
     * of a text by itself, and cannot do without them.
     */
    private static Set<String> ordinary(JsonNode model, Set<String> special) {
        JsonNode vocabulary = model.path("vocab");
        Set<String> ordinary = new HashSet<>();
        if (vocabulary.isArray()) {
            for (JsonNode entry : vocabulary) {
                String piece = entry.path(0).asText();
                if (special.contains(piece) && isElement(piece)) {
                    ordinary.add(piece);
                }
            }
        } else {
            special.stream()
                    .filter(token -> vocabulary.has(token) && isElement(token))
                    .forEach(ordinary::add);
        }
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

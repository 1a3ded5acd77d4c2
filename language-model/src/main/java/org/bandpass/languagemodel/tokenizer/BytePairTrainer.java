package org.bandpass.languagemodel.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Trains a byte-level BPE tokenizer, as GPT-2's, and writes it as {@code tokenizer.json}. */
public final class BytePairTrainer {
    /** What ends a text; its id is 0. */
    public static final String END_OF_TEXT = "<|endoftext|>";

    private static final int BYTES = 256;
    /** GPT-2's cut into words, which HuggingFace's ByteLevel applies as well; no merge crosses a word. */
    private static final Pattern WORDS = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private BytePairTrainer() {}

    /**
     * Writes a tokenizer; the same texts in any order give the same file.
     *
     * @param vocabularySize ids in all, from 257: end-of-text, the 256 bytes, merges; fewer where no pair occurs twice
     */
    public static void train(Iterator<String> texts, int vocabularySize, Path tokenizerJson) {
        if (vocabularySize <= BYTES) {
            throw new IllegalArgumentException(
                    "a vocabulary of " + vocabularySize + " is too small; expected from " + (BYTES + 1));
        }
        Map<String, long[]> counts = new HashMap<>();
        while (texts.hasNext()) {
            Matcher words = WORDS.matcher(texts.next());
            while (words.find()) {
                counts.computeIfAbsent(words.group(), w -> new long[1])[0]++;
            }
        }
        List<byte[]> words = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        // Sorted, so that neither the order of the texts nor a hash decides anything.
        for (Map.Entry<String, long[]> word : new TreeMap<>(counts).entrySet()) {
            words.add(word.getKey().getBytes(StandardCharsets.UTF_8));
            times.add(word.getValue()[0]);
        }
        counts.clear();
        int[] alphabet = idsOfBytes();
        List<int[]> merges = new PairMerges(words, times, alphabet).merge(vocabularySize - BYTES - 1, BYTES + 1);
        write(tokenizerJson, merges);
    }

    /** Id of each byte: the alphabet's characters in order, after end-of-text. */
    private static int[] idsOfBytes() {
        TreeMap<Character, Integer> sorted = new TreeMap<>();
        for (int b = 0; b < BYTES; b++) {
            sorted.put(ByteAlphabet.character(b), b);
        }
        int[] ids = new int[BYTES];
        int id = 1;
        for (int b : sorted.values()) {
            ids[b] = id++;
        }
        return ids;
    }

    private static void write(Path file, List<int[]> merges) {
        List<String> tokens = new ArrayList<>();
        tokens.add(END_OF_TEXT);
        int[] ids = idsOfBytes();
        String[] letters = new String[BYTES + 1];
        for (int b = 0; b < BYTES; b++) {
            letters[ids[b]] = String.valueOf(ByteAlphabet.character(b));
        }
        for (int id = 1; id <= BYTES; id++) {
            tokens.add(letters[id]);
        }
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = frame(mapper);
        ObjectNode model = (ObjectNode) json.path("model");
        ObjectNode vocabulary = model.putObject("vocab");
        ArrayNode pairs = model.putArray("merges");
        for (int[] merge : merges) {
            pairs.add(tokens.get(merge[0]) + " " + tokens.get(merge[1]));
            tokens.add(tokens.get(merge[0]) + tokens.get(merge[1]));
        }
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        try {
            Files.writeString(file, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    /** Returns what GPT-2's tokenizers have around vocabulary and merges. */
    private static ObjectNode frame(ObjectMapper mapper) {
        String byteLevel = """
                {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": true}
                """;
        try {
            return (ObjectNode) mapper.readTree("""
                    {"version": "1.0", "truncation": null, "padding": null,
                     "added_tokens": [{"id": 0, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
                                       "normalized": false, "special": true}],
                     "normalizer": null, "pre_tokenizer": %s, "post_processor": null, "decoder": %s,
                     "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
                               "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false}}
                    """.formatted(END_OF_TEXT, byteLevel, byteLevel));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the frame above is JSON", e);
        }
    }
}

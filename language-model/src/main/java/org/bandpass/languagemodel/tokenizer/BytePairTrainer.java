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
import java.util.stream.IntStream;

/** Trains a byte-level BPE tokenizer, as GPT-2's, and writes it as {@code tokenizer.json}. */
public final class BytePairTrainer {
    /** The token that ends a text; its id is 0. */
    public static final String END_OF_TEXT = "<|endoftext|>";

    private static final int BYTES = 256;
    /** GPT-2's division into words, as in HuggingFace's ByteLevel; no merge crosses a word. */
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
        // End-of-text, then the letters of the bytes in their order.
        List<String> tokens = new ArrayList<>(List.of(END_OF_TEXT));
        IntStream.range(0, BYTES).mapToObj(BytePairTrainer::letter).sorted().forEach(tokens::add);
        int[] ids =
                IntStream.range(0, BYTES).map(b -> tokens.indexOf(letter(b))).toArray();
        write(tokenizerJson, tokens, new PairMerges(words, times, ids).merge(vocabularySize - BYTES - 1, BYTES + 1));
    }

    /** GPT-2's letter for a byte: printable Latin-1 stands for itself, the others follow from U+0100 in order. */
    static String letter(int unsignedByte) {
        long others =
                IntStream.range(0, unsignedByte).filter(b -> !isPrintable(b)).count();
        return Character.toString(isPrintable(unsignedByte) ? unsignedByte : 256 + (int) others);
    }

    private static boolean isPrintable(int latin1) {
        return latin1 >= '!' && latin1 <= '~' || latin1 >= 0xA1 && latin1 <= 0xAC || latin1 >= 0xAE;
    }

    private static void write(Path file, List<String> tokens, List<int[]> merges) {
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

    /** Returns the rest of a GPT-2 tokenizer, without vocabulary and merges. */
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

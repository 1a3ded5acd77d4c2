package org.bandpass.languagemodel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BytePairTrainerTest {
    private static final int BYTES = 257;

    @TempDir
    private Path folder;

    /** Words of few letters, so that pairs overlap themselves and counts tie. */
    private static List<String> texts(long seed) {
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>();
        for (int t = 0; t < 30; t++) {
            StringBuilder text = new StringBuilder();
            for (int w = 0; w < 20; w++) {
                for (int i = random.nextInt(7); i >= 0; i--) {
                    text.append("aabbé".charAt(random.nextInt(5)));
                }
                text.append(' ');
            }
            texts.add(text.toString().strip());
        }
        return texts;
    }

    @Test
    void eachMergeIsTheMostFrequentPair() throws IOException {
        for (long seed = 0; seed < 20; seed++) {
            Path file = folder.resolve(seed + ".json");
            BytePairTrainer.train(texts(seed).iterator(), BYTES + 60, file);
            JsonNode merges = new ObjectMapper().readTree(file.toFile()).at("/model/merges");
            assertThat(merges.size()).isEqualTo(60);
            List<List<String>> words = words(texts(seed));
            for (JsonNode merge : merges) {
                String[] pair = merge.asText().split(" ");
                Map<String, Integer> counts = pairs(words);
                assertThat(counts.get(merge.asText())).isEqualTo(Collections.max(counts.values()));
                words.replaceAll(word -> merged(word, pair[0], pair[1]));
            }
        }
    }

    @Test
    void theSameTextsInAnyOrderGiveTheSameFile() {
        List<String> texts = texts(1);
        BytePairTrainer.train(texts.iterator(), 300, folder.resolve("a.json"));
        Collections.shuffle(texts, new Random(3));
        BytePairTrainer.train(texts.iterator(), 300, folder.resolve("b.json"));
        assertThat(folder.resolve("a.json")).hasSameBinaryContentAs(folder.resolve("b.json"));
    }

    @Test
    void everyTextCanBeReadBackFromItsIds() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        BytePairTrainer.train(texts(2).iterator(), 300, file);
        Map<Integer, String> tokens = new TreeMap<>();
        new ObjectMapper()
                .readTree(file.toFile())
                .at("/model/vocab")
                .properties()
                .forEach(token -> tokens.put(token.getValue().asInt(), token.getKey()));
        Map<Character, Integer> bytes = new HashMap<>();
        for (int b = 0; b < 256; b++) {
            bytes.put(BytePairTrainer.letter(b).charAt(0), b);
        }
        Random random = new Random(5);
        try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
            for (int i = 0; i < 300; i++) {
                StringBuilder text = new StringBuilder();
                for (int c = random.nextInt(40); c >= 0; c--) {
                    text.appendCodePoint(
                            switch (random.nextInt(4)) {
                                case 0 -> random.nextInt(0xD800);
                                case 1 -> 0x10000 + random.nextInt(0x10000);
                                case 2 -> random.nextInt(128);
                                default -> "ab é\n\u00A0".codePointAt(random.nextInt(6));
                            });
                }
                ByteArrayOutputStream read = new ByteArrayOutputStream();
                for (int id : tokenizer.encode(text.toString())) {
                    assertThat(id).isBetween(1, 299);
                    tokens.get(id).chars().forEach(c -> read.write(bytes.get((char) c)));
                }
                assertThat(read.toString(StandardCharsets.UTF_8)).isEqualTo(text.toString());
            }
        }
    }

    @Test
    void aVocabularyWithoutRoomForBytesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BytePairTrainer.train(texts(1).iterator(), 256, folder.resolve("t.json")))
                .withMessage("a vocabulary of 256 is too small; expected from 257");
    }

    /** Words with the space before them, as letters for bytes. */
    private static List<List<String>> words(List<String> texts) {
        List<List<String>> words = new ArrayList<>();
        for (String text : texts) {
            for (String word : text.split("(?= )")) {
                List<String> letters = new ArrayList<>();
                for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
                    letters.add(BytePairTrainer.letter(b & 0xFF));
                }
                words.add(letters);
            }
        }
        return words;
    }

    private static Map<String, Integer> pairs(List<List<String>> words) {
        Map<String, Integer> counts = new HashMap<>();
        for (List<String> word : words) {
            for (int i = 1; i < word.size(); i++) {
                counts.merge(word.get(i - 1) + " " + word.get(i), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static List<String> merged(List<String> word, String left, String right) {
        List<String> merged = new ArrayList<>();
        for (int i = 0; i < word.size(); i++) {
            if (i + 1 < word.size()
                    && word.get(i).equals(left)
                    && word.get(i + 1).equals(right)) {
                merged.add(left + right);
                i++;
            } else {
                merged.add(word.get(i));
            }
        }
        return merged;
    }
}

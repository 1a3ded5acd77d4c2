package org.bandpass.languagemodel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library's ids against those of DJL's {@code encode}. */
class NativeEncoderTest {
    private static final Path SHARED =
            Path.of(System.getProperty("bandpass.root", "..")).resolve("../shared");
    private static final String ALPHABET =
            "aeinorst  \n\t.,'\u0000é\u0301ßяж中文字😀👩‍👩‍👧\uFFFD\uFEFF\u00A0<|endoftext|>";

    private static final String SENTENCE = "The cat's 42 naïve friends – 中文, 😀 and all – don't stop here.\n";

    /** Of few tokens: the library needs seconds for the spans of many. */
    private static final String MEGABYTE = " internationalisation".repeat((1 << 20) / 21);

    @TempDir
    private Path folder;

    private static List<String> texts() {
        int[] points = ALPHABET.codePoints().toArray();
        Random random = new Random(1);
        Stream<String> ofChance = Stream.generate(() -> random.ints(random.nextInt(80), 0, points.length)
                        .mapToObj(i -> Character.toString(points[i]))
                        .reduce("", String::concat))
                .limit(300);
        return Stream.concat(Stream.of("", " ", "\u0000", "\n\n\n", "😀", SENTENCE), ofChance)
                .toList();
    }

    private static void compare(byte[] json, List<String> texts) throws IOException {
        try (NativeEncoder encoder = new NativeEncoder(json);
                HuggingFaceTokenizer rival = HuggingFaceTokenizer.newInstance(
                        new ByteArrayInputStream(json),
                        Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"))) {
            for (String text : texts) {
                Encoding expected = rival.encode(text, false, false);
                int[] ids = Arrays.stream(expected.getIds())
                        .mapToInt(Math::toIntExact)
                        .toArray();
                int[] ends = Arrays.stream(expected.getCharTokenSpans())
                        .mapToInt(CharSpan::getEnd)
                        .toArray();
                assertThat(encoder.ids(text)).isEqualTo(ids);
                EncodedText encoded = encoder.encode(text);
                assertThat(encoded.ids()).isEqualTo(ids);
                assertThat(encoded.ends()).isEqualTo(ends);
            }
        }
    }

    @Test
    void givesTheIdsAndSpansOfEncodeForATrainedTokenizer() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        BytePairTrainer.train(
                Stream.concat(Stream.of(MEGABYTE), texts().stream()).iterator(), 600, file);
        compare(Files.readAllBytes(file), texts());
        compare(Files.readAllBytes(file), List.of(MEGABYTE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"data/tokenizers/gpt2", "data/tokenizers/gpt-neox-20b", "oracles/aidreams-260k-llama"})
    void givesTheIdsAndSpansOfEncodeForOthersTokenizers(String name) throws IOException {
        Path file = SHARED.resolve(name).resolve("tokenizer.json");
        assumeTrue(Files.exists(file), file + " is absent");
        compare(Files.readAllBytes(file), texts());
    }

    @Test
    void halfASurrogatePairHasTheIdsOfTheReplacementCharacter() {
        Path file = folder.resolve("tokenizer.json");
        BytePairTrainer.train(texts().iterator(), 600, file);
        try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
            for (String half : List.of("\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D", "😀\uD83D")) {
                byte[] replaced = half.codePoints()
                        .map(point -> Character.isSurrogate((char) point) && point <= 0xFFFF ? 0xFFFD : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                        .getBytes(StandardCharsets.UTF_8);
                assertThat(tokenizer.encode(half))
                        .isEqualTo(tokenizer.encode(new String(replaced, StandardCharsets.UTF_8)));
            }
        }
    }

    @Test
    void aClosedOneFailsInsteadOfReadingFreedMemory() {
        Path file = folder.resolve("tokenizer.json");
        BytePairTrainer.train(texts().iterator(), 300, file);
        TextTokenizer tokenizer = TextTokenizer.load(file);
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("text")).isInstanceOf(TokenizerFailedException.class);
    }
}

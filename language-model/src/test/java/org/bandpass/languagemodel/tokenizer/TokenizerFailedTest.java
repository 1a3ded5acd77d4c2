package org.bandpass.languagemodel.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.bandpass.languagemodel.file.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A text on which the native library panics fails; no other text does. */
class TokenizerFailedTest {
    /** Beyond ten million steps for {@code (a+)+b}. */
    private static final String RUNAWAY = "a".repeat(30);

    @TempDir
    private Path folder;

    @Test
    void aTextOnWhichTheLibraryPanicsFailsAndTheNextDoesNot() throws IOException {
        try (TextTokenizer tokenizer = nested()) {
            assertThat(tokenizer.encode("ab")).containsExactly(0, 1);
            assertThatExceptionOfType(TokenizerFailedException.class)
                    .isThrownBy(() -> tokenizer.encode(RUNAWAY))
                    .withMessageContaining("134")
                    .withMessageNotContaining("aaa");
            assertThat(tokenizer.encode("aab")).containsExactly(0, 0, 1);
            assertThat(tokenizer.bytesOf("aab", 2)).isEqualTo(2);
            assertThat(tokenizer.tokenize("aab").ends()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aProcessThatIsKilledFromOutsideCostsNoText() throws IOException {
        Set<ProcessHandle> before =
                Set.copyOf(ProcessHandle.current().children().toList());
        try (TextTokenizer tokenizer = nested()) {
            assertThat(tokenizer.encode("ab")).containsExactly(0, 1);
            List<ProcessHandle> mine = ProcessHandle.current()
                    .children()
                    .filter(child -> !before.contains(child))
                    .toList();
            assertThat(mine).hasSize(1);
            mine.get(0).destroyForcibly();
            assertThat(tokenizer.encode("aab")).containsExactly(0, 0, 1);
        }
    }

    @Test
    void anotherProcessMakesTheSameTokens() throws IOException {
        Path file = folder.resolve("trained.json");
        BytePairTrainer.train(
                List.of("the cat and the dog", "naïve 😀 text\twith `kinds`").iterator(), 270, file);
        byte[] json = Files.readAllBytes(file);
        try (TextEncoder here = new NativeEncoder(json);
                TextEncoder apart = new EncoderProcesses(json)) {
            for (String text : List.of("the cat", "", "naïve 😀 \u0000 dog\n\n", "x".repeat(100_000))) {
                assertThat(apart.encode(text).ids()).isEqualTo(here.encode(text).ids());
                assertThat(apart.encode(text).ends())
                        .isEqualTo(here.encode(text).ends());
            }
        }
    }

    @Test
    void aFileThatIsNoTokenizerIsReported() throws IOException {
        TokenizerFolder tokenizer = new TokenizerFolder(folder).known(true, "</s>");
        tokenizer.json().putObject("pre_tokenizer").put("type", "Nonsense").put("Regex", "(a+)+b");
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(tokenizer::open)
                .withMessageContaining("expected a tokenizer");
    }

    @Test
    void aTextWithoutItsUnknownTokenFails() throws IOException {
        TokenizerFolder tokenizer = new TokenizerFolder(folder);
        tokenizer
                .json()
                .putObject("model")
                .put("type", "WordLevel")
                .put("unk_token", "?")
                .putObject("vocab")
                .put("a", 0);
        try (TextTokenizer opened = tokenizer.open()) {
            assertThat(opened.encode("a")).containsExactly(0);
            assertThatExceptionOfType(TokenizerFailedException.class)
                    .isThrownBy(() -> opened.encode("secret"))
                    .withMessageNotContaining("secret");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '"',
            value = {
                "\\s+ ~ true",
                "[ab]{2,} ~ true",
                "\\s?\\p{L}+ ~ true",
                "\\p{N}{1,3} ~ true",
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+ ~ true",
                "(a+)+b ~ false",
                "a+b ~ false",
                "a*a* ~ false",
                "a{2,}b ~ false",
                "(a|aa)+ ~ false",
                "\\s+$ ~ false",
            })
    void knowsWhichPatternsRunInLinearTime(String pattern, boolean linear) throws IOException {
        assertThat(KnownPatterns.cover(
                        new ObjectMapper()
                                .createObjectNode()
                                .putArray("pretokenizers")
                                .addObject()
                                .putObject("pattern")
                                .set("Regex", TextNode.valueOf(pattern)),
                        MissingNode.getInstance()))
                .isEqualTo(linear);
    }

    private TextTokenizer nested() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        try (InputStream json = TokenizerFailedTest.class.getResourceAsStream("tokenizer-nested-quantifier.json")) {
            Files.write(file, json.readAllBytes());
        }
        return TextTokenizer.load(file);
    }
}

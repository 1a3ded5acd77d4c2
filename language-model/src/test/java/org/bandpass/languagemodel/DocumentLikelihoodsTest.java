package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scoring conventions. */
class DocumentLikelihoodsTest {
    private static final int CONTEXT = 12;
    private static final int END = 5;

    @TempDir
    private Path folder;

    private LanguageModel model;

    @BeforeEach
    void load() {
        ModelConfig config = TinyModels.configs().toList().get(0);
        model = LanguageModel.load(TinyModels.write(folder, config, 9), "cpu", "fp32");
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void theFirstTokenIsPredictedAfterEndOfText() {
        int[] document = TinyModels.ids(1, 1);
        Likelihood score = new DocumentLikelihoods(model, END, 64, 0)
                .score(List.of(document))
                .get(0);
        assertThat(score.tokens()).isEqualTo(1);
        assertThat(score.nats()).isEqualTo(model.tokenNats(new int[][] {{END, document[0]}})[0][0], within(1e-6));
    }

    @Test
    void eachWindowBeginsWithTheLastTokenOfTheOneBefore() {
        int[] document = TinyModels.ids(2 * CONTEXT + 3, 2);
        float[] nats = new DocumentLikelihoods(model, END, 64, 0)
                .tokenNats(List.of(document))
                .get(0);
        assertThat(nats).hasSize(document.length);
        int[] second = Arrays.copyOfRange(document, CONTEXT - 1, 2 * CONTEXT);
        float[] alone = model.tokenNats(new int[][] {second})[0];
        assertThat(Arrays.copyOfRange(nats, CONTEXT, 2 * CONTEXT)).containsExactly(alone, within(1e-5f));
    }

    @ParameterizedTest
    @CsvSource({"1, 12, 1, true", "2, 24, 2, true", "3, 25, 3, false", "0, 25, 3, false"})
    void windowsBeyondTheCapAreNotScored(int cap, long tokens, int windows, boolean capped) {
        int[] document = TinyModels.ids(2 * CONTEXT + 1, 3);
        DocumentLikelihoods likelihoods = new DocumentLikelihoods(model, END, 64, cap);
        Likelihood score = likelihoods.score(List.of(document)).get(0);
        assertThat(score.tokens()).isEqualTo(tokens);
        assertThat(score.windows()).isEqualTo(windows);
        assertThat(score.capped()).isEqualTo(capped);
        float[] nats = likelihoods.tokenNats(List.of(document)).get(0);
        assertThat(nats).hasSize((int) tokens);
        assertThat(score.nats())
                .isEqualTo(
                        IntStream.range(0, nats.length)
                                .mapToDouble(i -> nats[i])
                                .sum(),
                        within(1e-4));
    }

    @Test
    void batchingDoesNotChangeAScore() {
        Random random = new Random(4);
        List<int[]> documents = IntStream.range(0, 60)
                .mapToObj(d -> TinyModels.ids(1 + random.nextInt(4 * CONTEXT), d))
                .toList();
        DocumentLikelihoods alone = new DocumentLikelihoods(model, END, 1, 0);
        List<Likelihood> expected = alone.score(documents);
        assertThat(alone.paddedTokens()).isEqualTo(alone.realTokens());
        for (int budget : new int[] {24, 100, 1000}) {
            DocumentLikelihoods batched = new DocumentLikelihoods(model, END, budget, 0);
            List<Likelihood> scores = batched.score(documents);
            for (int d = 0; d < scores.size(); d++) {
                assertThat(scores.get(d).meanNll() / expected.get(d).meanNll()).isEqualTo(1, within(1e-5));
                assertThat(scores.get(d).tokens()).isEqualTo(documents.get(d).length);
            }
            assertThat(batched.realTokens()).isEqualTo(alone.realTokens());
        }
    }

    @Test
    void invalidInputIsRefused() {
        DocumentLikelihoods likelihoods = new DocumentLikelihoods(model, END, 64, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> likelihoods.score(List.of(new int[] {1}, new int[0])))
                .withMessage("document 1 has no tokens");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> likelihoods.score(List.of(new int[] {1, TinyModels.VOCABULARY})))
                .withMessage("id 41 is outside the model's vocabulary of 41");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DocumentLikelihoods(model, 50_256, 64, 0))
                .withMessageContaining("context token 50256 is outside the model's vocabulary of 41");
        assertThat(likelihoods.score(List.of())).isEmpty();
    }

    @Test
    void ratiosFollowFromSums() {
        Likelihood score = new Likelihood(6, 3, 1, false);
        assertThat(score.meanNll()).isEqualTo(2);
        assertThat(score.perplexity()).isEqualTo(Math.exp(2));
        assertThat(score.bitsPerByte(4)).isEqualTo(6 / (4 * Math.log(2)));
    }

    @Test
    void aMissingDeviceIsReportedInOneLine() {
        assertThatThrownBy(() -> LanguageModel.load(folder, "cuda:7", "fp32"))
                .hasMessageStartingWith("device cuda:7 does not exist: libtorch sees ")
                .hasMessageContaining("PYTORCH_LIBRARY_PATH")
                .message()
                .doesNotContain("\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LanguageModel.load(folder, "gpu", "fp32"))
                .withMessage("device gpu is unknown; expected cpu or cuda:N");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LanguageModel.load(folder, "cpu", "int8"))
                .withMessage("dtype int8 is unknown; expected fp32 or bf16");
    }
}

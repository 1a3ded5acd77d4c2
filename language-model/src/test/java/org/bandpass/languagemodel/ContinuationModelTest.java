package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import org.bandpass.languagemodel.ContinuationModel.ContinuationScore;
import org.bandpass.languagemodel.ContinuationModel.Question;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Continuations of every family, against the plain way and an independent forward pass. */
class ContinuationModelTest {
    private static final int CONTEXT = 12;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("org.bandpass.languagemodel.TinyModels#configs")
    void theNatsAreThoseOfAnIndependentPass(ModelConfig config) throws IOException {
        TinyModels.write(folder, config, 1);
        ReferenceModel reference = ReferenceModel.load(folder);
        List<Question> questions = questions(20, 1);
        try (LanguageModel model = LanguageModel.load(folder, "cpu", "fp32")) {
            for (ContinuationModel way : List.of(model, new SeparateContinuations(model))) {
                List<List<ContinuationScore>> scores = way.score(questions, 40);
                for (int q = 0; q < questions.size(); q++) {
                    Question question = questions.get(q);
                    for (int c = 0; c < question.continuations().size(); c++) {
                        int[] row = ContinuationText.joined(
                                question.prompt(), question.continuations().get(c));
                        double[] nats = reference.nats(row);
                        float[] found = scores.get(q).get(c).nats();
                        assertThat(found).hasSize(question.continuations().get(c).length);
                        for (int i = 0; i < found.length; i++) {
                            double expected = nats[question.prompt().length - 1 + i];
                            assertThat((double) found[i]).isCloseTo(expected, within(1e-4 * Math.max(1, expected)));
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.bandpass.languagemodel.TinyModels#configs")
    void sharedPromptsGiveThePlainWaysNatsAndChoices(ModelConfig config) {
        List<Question> questions = new ArrayList<>(questions(200, 2));
        questions.addAll(TinyQuestions.schema(20));
        try (LanguageModel model = LanguageModel.load(TinyModels.write(folder, config, 2), "cpu", "fp32")) {
            List<List<ContinuationScore>> plain = new SeparateContinuations(model).score(questions, 100);
            for (int batchTokens : new int[] {1, 50, 4000}) {
                assertAgree(model.score(questions, batchTokens), plain, 1e-5f);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.bandpass.languagemodel.TinyModels#configs")
    void sharedPromptsInBf16AreAsCloseToFp32AsThePlainWay(ModelConfig config) {
        List<Question> questions = questions(40, 3);
        TinyModels.write(folder, config, 3);
        List<List<ContinuationScore>> exact;
        try (LanguageModel model = LanguageModel.load(folder, "cpu", "fp32")) {
            exact = model.score(questions, 100);
        }
        try (LanguageModel model = LanguageModel.load(folder, "cpu", "bf16")) {
            double plain = difference(new SeparateContinuations(model).score(questions, 100), exact);
            assertThat(difference(model.score(questions, 100), exact)).isLessThan(1.5 * plain);
        }
    }

    private static void assertAgree(
            List<List<ContinuationScore>> found, List<List<ContinuationScore>> expected, float tolerance) {
        assertThat(found).hasSameSizeAs(expected);
        for (int q = 0; q < found.size(); q++) {
            assertThat(found.get(q)).hasSameSizeAs(expected.get(q));
            for (int c = 0; c < found.get(q).size(); c++) {
                ContinuationScore score = found.get(q).get(c);
                assertThat(score.nats())
                        .as("question %d, continuation %d", q, c)
                        .containsExactly(expected.get(q).get(c).nats(), within(tolerance));
                assertThat(score.allBest()).isEqualTo(expected.get(q).get(c).allBest());
            }
        }
    }

    private static double difference(List<List<ContinuationScore>> found, List<List<ContinuationScore>> exact) {
        double sum = 0;
        for (int q = 0; q < found.size(); q++) {
            for (int c = 0; c < found.get(q).size(); c++) {
                sum += Math.abs(found.get(q).get(c).sum() - exact.get(q).get(c).sum());
            }
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("org.bandpass.languagemodel.TinyModels#configs")
    void aGenerationIsRepeatedPassesOverTheWholeText(ModelConfig config) {
        List<int[]> prompts = new ArrayList<>();
        for (int p = 0; p < 30; p++) {
            prompts.add(TinyModels.ids(1 + p % CONTEXT, p));
        }
        TinyModels.write(folder, config, 4);
        for (String dtype : List.of("fp32", "bf16")) {
            try (LanguageModel model = LanguageModel.load(folder, "cpu", dtype)) {
                BiPredicate<Integer, int[]> ended = (p, ids) -> ids[ids.length - 1] % 8 == p % 8;
                List<int[]> plain = new SeparateContinuations(model).generate(prompts, 7, 1000, ended);
                assertThat(plain).anyMatch(ids -> ids.length == 7).anyMatch(ids -> ids.length == 0);
                for (int batchTokens : new int[] {1, 60, 1000}) {
                    List<int[]> found = model.generate(prompts, 7, batchTokens, ended);
                    assertThat(found.toArray(int[][]::new)).isDeepEqualTo(plain.toArray(int[][]::new));
                }
            }
        }
    }

    /** What is generated is what scoring calls the best ids, and nothing else is. */
    @ParameterizedTest
    @MethodSource("org.bandpass.languagemodel.TinyModels#configs")
    void generatedIdsAreAllBest(ModelConfig config) {
        try (LanguageModel model = LanguageModel.load(TinyModels.write(folder, config, 5), "cpu", "fp32")) {
            for (int length = 1; length < CONTEXT; length++) {
                int[] prompt = TinyModels.ids(length, length);
                int[] best = model.generate(List.of(prompt), CONTEXT, 100, (p, ids) -> false)
                        .get(0);
                assertThat(best).hasSize(CONTEXT - length);
                int[] other = best.clone();
                other[other.length - 1] = (other[other.length - 1] + 1) % TinyModels.VOCABULARY;
                List<ContinuationScore> scores = model.score(List.of(new Question(prompt, List.of(other, best))), 100)
                        .get(0);
                assertThat(scores.get(0).allBest()).isFalse();
                assertThat(scores.get(1).allBest()).isTrue();
            }
        }
    }

    @Test
    void theEndIsAskedAfterEachNewId() {
        ModelConfig config = TinyModels.configs().toList().get(0);
        try (LanguageModel model = LanguageModel.load(TinyModels.write(folder, config, 6), "cpu", "fp32")) {
            List<int[]> prompts =
                    List.of(TinyModels.ids(CONTEXT - 2, 1), TinyModels.ids(2, 2), TinyModels.ids(CONTEXT, 3));
            for (ContinuationModel way : List.of(model, new SeparateContinuations(model))) {
                List<String> asked = new ArrayList<>();
                List<int[]> answers = way.generate(prompts, 3, 1, (p, ids) -> {
                    asked.add(p + ":" + ids.length);
                    return false;
                });
                assertThat(asked).containsExactlyInAnyOrder("0:1", "0:2", "1:1", "1:2", "1:3");
                assertThat(answers).extracting(ids -> ids.length).containsExactly(2, 3, 0);
            }
        }
    }

    /** With logits that are all equal the lowest id wins, and every continuation has the same nats. */
    @Test
    void equalLogitsChooseTheLowestId() {
        ModelConfig config = new ModelConfig(Llama.of(TinyModels.VOCABULARY, CONTEXT, 24, 2, 4));
        try (LanguageModel model = LanguageModel.load(TinyModels.writeUniform(folder, config), "cpu", "fp32")) {
            List<ContinuationScore> scores = model.score(
                            List.of(new Question(
                                    new int[] {3, 4}, List.of(new int[] {0, 0}, new int[] {0, 1}, new int[] {2}))),
                            64)
                    .get(0);
            assertThat(scores).extracting(ContinuationScore::allBest).containsExactly(true, false, false);
            float uniform = (float) Math.log(TinyModels.VOCABULARY);
            for (ContinuationScore score : scores) {
                assertThat(score.nats()).containsOnly(new float[] {uniform}, within(1e-5f));
                assertThat(score.mean()).isEqualTo(scores.get(0).mean());
            }
            assertThat(model.generate(List.of(new int[] {7}), 3, 64, (p, ids) -> false))
                    .containsExactly(new int[] {0, 0, 0});
        }
    }

    @Test
    void logitsThatAreNoNumbersAreNoAnswer() {
        ModelConfig config = TinyModels.configs().toList().get(0);
        try (LanguageModel model = LanguageModel.load(TinyModels.writeDiverged(folder, config), "cpu", "fp32")) {
            for (ContinuationModel way : List.of(model, new SeparateContinuations(model))) {
                assertThatThrownBy(() -> way.generate(List.of(new int[] {1, 2}), 3, 64, (p, ids) -> false))
                        .isInstanceOf(NonFiniteLogitException.class)
                        .hasMessage("the logits after prompt 0 are not finite: the model cannot continue it");
            }
        }
    }

    @Test
    void invalidQuestionsAreRefused() {
        ModelConfig config = TinyModels.configs().toList().get(0);
        try (LanguageModel model = LanguageModel.load(TinyModels.write(folder, config, 9), "cpu", "fp32")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.score(List.of(question(0, 1)), 64))
                    .withMessage("the prompt of question 0 has no ids; expected at least one");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.score(List.of(question(1, 1), question(1, 2, 0)), 64))
                    .withMessage("continuation 1 of question 1 has no ids; expected at least one");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.score(List.of(question(CONTEXT, 1, 2)), 64))
                    .withMessage("continuation 1 of question 0 and its prompt have 14 ids; expected at most the"
                            + " model's context and one more, 13");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.score(
                            List.of(new Question(new int[] {1, TinyModels.VOCABULARY}, List.of(new int[] {1}))), 64))
                    .withMessage("the prompt of question 0 has id 41, outside the model's vocabulary of 41");
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> model.generate(List.of(new int[] {1}, new int[CONTEXT + 1]), 1, 64, (p, ids) -> true))
                    .withMessage("prompt 1 has 13 ids; expected at most the model's context of 12");
            assertThat(model.score(List.of(), 64)).isEmpty();
            assertThat(model.score(List.of(question(3)), 64)).isEqualTo(List.of(List.of()));
        }
    }

    private static Question question(int prompt, int... continuations) {
        return new Question(
                TinyModels.ids(prompt, prompt),
                Arrays.stream(continuations)
                        .mapToObj(length -> TinyModels.ids(length, length))
                        .toList());
    }

    /** Questions of all lengths up to the context, some of one continuation, some of single ids. */
    private static List<Question> questions(int count, long seed) {
        List<Question> questions = new ArrayList<>();
        for (int choices = 1; choices <= 5; choices++) {
            questions.addAll(TinyQuestions.choices(count / 5, choices, CONTEXT, seed + choices));
        }
        return questions;
    }
}

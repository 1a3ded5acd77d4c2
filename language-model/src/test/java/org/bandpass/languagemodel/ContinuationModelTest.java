package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
                        int[] row = joined(
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
        Random random = new Random(seed);
        List<Question> questions = new ArrayList<>();
        for (int q = 0; q < count; q++) {
            int prompt = q == 0 ? CONTEXT : 1 + random.nextInt(CONTEXT);
            int longest = q % 4 == 1 ? 1 : CONTEXT + 1 - prompt;
            List<int[]> continuations = new ArrayList<>();
            for (int c = 0; c <= q % 5; c++) {
                continuations.add(TinyModels.ids(1 + random.nextInt(longest), random.nextLong()));
            }
            questions.add(new Question(TinyModels.ids(prompt, random.nextLong()), continuations));
        }
        return questions;
    }

    private static int[] joined(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}

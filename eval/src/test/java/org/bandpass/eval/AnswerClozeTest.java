package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bandpass.languagemodel.tokenizer.TokenizerFailedException;
import org.bandpass.schemas.EvaluationRow;
import org.junit.jupiter.api.Test;

class AnswerClozeTest {

    private static final EvalSettings.Cloze SETTINGS = new EvalSettings.Cloze(16, 400);

    private final ClozeSuite suite = new ClozeSuite(SETTINGS);

    @Test
    void choosesTheContinuationWithTheLeastNats() {
        Texts.documents("prose", 15, 450).forEach(suite::add);
        ByteModel model = new ByteModel("m");
        List<ClozeQuestion> questions = suite.questions();

        TaskScore score = answer(model);

        List<Double> answers = new ArrayList<>();
        for (int q = 0; q < questions.size(); q++) {
            ClozeQuestion question = questions.get(q);
            EvaluationRow row = score.rows().get(q);
            String gold = question.choices().get(question.gold());
            double right = nats(model, question.context(), gold);
            double wrong = nats(model, question.context(), question.choices().get(1 - question.gold()));
            assertThat(row.getId()).isEqualTo(question.id());
            // This model knows only the byte before, so the order of words often makes no difference but rounding.
            if (Math.abs(right - wrong) > 1e-3) {
                assertThat(row.getCorrect()).isEqualTo(right < wrong ? 1.0 : 0.0);
                answers.add(row.getCorrect());
            }
            assertThat(row.getNats()).isCloseTo(nats(model, question.context(), gold), within(1e-3));
            assertThat(row.getBytes()).isEqualTo(gold.getBytes(StandardCharsets.UTF_8).length);
            assertThat(row.getTokens()).isEqualTo(row.getBytes());
        }
        assertThat(answers).hasSizeGreaterThan(20).contains(0.0, 1.0);
        assertThat(score.chance()).isEqualTo(0.5);
    }

    @Test
    void leavesOutAQuestionOnWhichTheTokenizerFails() {
        Texts.documents("prose", 40, 450).forEach(suite::add);
        ClozeQuestion failing = suite.questions().get(7);
        ByteModel model = new ByteModel("m") {
            @Override
            public int[] encode(String text) {
                if (text.equals(failing.context() + failing.choices().get(1))) {
                    throw new TokenizerFailedException("a panic");
                }
                return super.encode(text);
            }
        };
        List<EvaluationRow> others = new ArrayList<>(answer(new ByteModel("m")).rows());
        others.removeIf(row -> row.getId().equals(failing.id()));

        TaskScore score = answer(model);

        assertThat(score.empty()).containsExactly(failing.id());
        assertThat(score.rows()).isEqualTo(others);
    }

    /** Of equal choices the first wins, so such a model is right where the first is true. */
    @Test
    void choosesTheFirstChoiceOfAModelThatKnowsNothing() {
        Texts.documents("prose", 50, 450).forEach(suite::add);
        ByteModel uniform = new ByteModel("m") {
            @Override
            double nats(int before, int id) {
                return 1;
            }
        };

        List<EvaluationRow> rows = answer(uniform).rows();

        List<ClozeQuestion> questions = suite.questions();
        assertThat(rows).hasSize(400);
        for (int q = 0; q < rows.size(); q++) {
            assertThat(rows.get(q).getCorrect()).isEqualTo(questions.get(q).gold() == 0 ? 1.0 : 0.0);
        }
        // 400 questions at 1/2: 200 ± 4 · 10.
        assertThat(right(rows)).isBetween(160.0, 240.0);
    }

    @Test
    void scoresAModelOfRandomNumbersAtChance() {
        Texts.documents("prose", 50, 450).forEach(suite::add);

        assertThat(right(answer(new ByteModel("random")).rows())).isBetween(160.0, 240.0);
    }

    private static double right(List<EvaluationRow> rows) {
        return rows.stream().mapToDouble(EvaluationRow::getCorrect).sum();
    }

    @Test
    void findsEveryAnswerWithAModelThatKnowsTheDocuments() {
        Texts.documents("prose", 40, 450).forEach(suite::add);
        Set<String> truths = new HashSet<>();
        suite.questions().forEach(q -> truths.add(q.context() + q.choices().get(q.gold())));
        Set<String> ids = new HashSet<>();
        ByteModel plain = new ByteModel("m");
        truths.forEach(text -> ids.add(Arrays.toString(plain.encode(text))));
        ByteModel knowing = new ByteModel("m") {
            @Override
            public int contextLength() {
                return 4096;
            }

            @Override
            public List<List<ContinuationScore>> score(List<Question> questions, int batchTokens) {
                return questions.stream()
                        .map(question -> question.continuations().stream()
                                .map(ids -> known(question.prompt(), ids))
                                .toList())
                        .toList();
            }

            private ContinuationScore known(int[] prompt, int[] continuation) {
                int[] whole = Arrays.copyOf(prompt, prompt.length + continuation.length);
                System.arraycopy(continuation, 0, whole, prompt.length, continuation.length);
                String text = Arrays.toString(Arrays.copyOfRange(whole, 1, whole.length));
                float[] nats = new float[continuation.length];
                Arrays.fill(nats, ids.contains(text) ? 0.1f : 2f);
                return new ContinuationScore(nats, false);
            }
        };

        assertThat(answer(knowing).rows()).hasSize(400).allMatch(row -> row.getCorrect() == 1.0);
    }

    @Test
    void countsATokenThatSpansTheSeamWithTheContinuation() {
        assertThat(AnswerCloze.seam(new int[] {1, 2, 3}, new int[] {1, 2, 3, 4}))
                .isEqualTo(3);
        assertThat(AnswerCloze.seam(new int[] {1, 2, 3}, new int[] {1, 2, 9, 4}))
                .isEqualTo(2);
        assertThat(AnswerCloze.seam(new int[] {1, 2, 3}, new int[] {1, 9})).isEqualTo(1);
        assertThat(AnswerCloze.seam(new int[] {1, 2, 3}, new int[] {1, 2})).isEqualTo(1);
    }

    @Test
    void cutsTheContextOfAModelThatSeesLess() {
        Texts.documents("prose", 5, 450).forEach(suite::add);
        ByteModel narrow = new ByteModel("m") {
            @Override
            public int contextLength() {
                return 20;
            }

            @Override
            public List<List<ContinuationScore>> score(List<Question> questions, int batchTokens) {
                for (Question question : questions) {
                    question.continuations()
                            .forEach(ids -> assertThat(question.prompt().length + ids.length)
                                    .isLessThanOrEqualTo(21));
                    assertThat(question.prompt()).isNotEmpty();
                }
                return super.score(questions, batchTokens);
            }
        };

        TaskScore score = answer(narrow);

        // A choice that fills the context alone cannot be asked; all others have the same score.
        List<EvaluationRow> asked = new ArrayList<>(answer(new ByteModel("m")).rows());
        assertThat(score.empty()).isNotEmpty();
        asked.removeIf(row -> row.getBytes() > 20);
        assertThat(score.rows()).isEqualTo(asked);
    }

    @Test
    void refusesLikelihoodsThatAreNotFinite() {
        Texts.documents("prose", 4, 450).forEach(suite::add);
        ByteModel diverged = new ByteModel("m") {
            @Override
            double nats(int before, int id) {
                return id == 1 + 'a' ? Double.POSITIVE_INFINITY : 1;
            }
        };

        assertThatThrownBy(() -> answer(diverged))
                .isInstanceOfSatisfying(
                        RefusedRunException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RefusedRunException.Reason.NOT_FINITE));
    }

    private static double nats(ByteModel model, String context, String continuation) {
        int[] before = model.encode(context);
        int[] ids = model.encode(continuation);
        double nats = model.nats(before[before.length - 1], ids[0]);
        for (int i = 1; i < ids.length; i++) {
            nats += model.nats(ids[i - 1], ids[i]);
        }
        return nats;
    }

    private TaskScore answer(ByteModel model) {
        return new AnswerCloze(SETTINGS, 4096, suite).score(model, (done, total) -> {});
    }
}

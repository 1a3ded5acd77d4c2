package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bandpass.languagemodel.tokenizer.TokenizerFailedException;
import org.bandpass.schemas.EvaluationRow;
import org.junit.jupiter.api.Test;

class AnswerClozeTest {

    private static final EvalSettings.Cloze SETTINGS = new EvalSettings.Cloze(300, 100, 200);

    private final ClozeSuite suite = new ClozeSuite(SETTINGS);

    @Test
    void choosesTheContinuationWithTheLeastNatsPerByte() {
        Texts.documents("prose", 150, 450).forEach(suite::add);
        ByteModel model = new ByteModel("m");
        List<ClozeQuestion> questions = suite.questions();

        TaskScore score = answer(model);

        Set<Double> answers = new HashSet<>();
        for (int q = 0; q < questions.size(); q++) {
            ClozeQuestion question = questions.get(q);
            EvaluationRow row = score.rows().get(q);
            List<Double> perByte = new ArrayList<>();
            for (String choice : question.choices()) {
                perByte.add(nats(model, question.context(), choice) / choice.getBytes(StandardCharsets.UTF_8).length);
            }
            String gold = question.choices().get(question.gold());
            double least = perByte.stream().mapToDouble(d -> d).min().orElseThrow();
            assertThat(row.getId()).isEqualTo(question.id());
            assertThat(row.getCorrect()).isEqualTo(perByte.get(question.gold()) == least ? 1.0 : 0.0);
            assertThat(row.getNats()).isCloseTo(nats(model, question.context(), gold), within(1e-3));
            assertThat(row.getBytes()).isEqualTo(gold.getBytes(StandardCharsets.UTF_8).length);
            assertThat(row.getTokens()).isEqualTo(row.getBytes());
            answers.add(row.getCorrect());
        }
        assertThat(answers).containsExactlyInAnyOrder(0.0, 1.0);
        assertThat(score.chance()).isEqualTo(0.25);
    }

    @Test
    void leavesOutAQuestionOnWhichTheTokenizerFails() {
        Texts.documents("prose", 40, 450).forEach(suite::add);
        ClozeQuestion failing = suite.questions().get(7);
        ByteModel model = new ByteModel("m") {
            @Override
            public int[] encode(String text) {
                if (text.equals(failing.context() + failing.choices().get(2))) {
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

    /** Such a model is right about every fourth time: of equal choices the first wins. */
    @Test
    void scoresAModelThatKnowsNothingAtChance() {
        Texts.documents("prose", 200, 450).forEach(suite::add);
        ByteModel uniform = new ByteModel("m") {
            @Override
            double nats(int before, int id) {
                return 1;
            }
        };

        TaskScore score = answer(uniform);

        double right =
                score.rows().stream().mapToDouble(EvaluationRow::getCorrect).sum();
        // 200 questions at 1/4: 50 ± 3 · 6.1.
        assertThat(right).isBetween(32.0, 68.0);
    }

    @Test
    void findsEveryAnswerWithAModelThatKnowsTheDocuments() {
        Texts.documents("prose", 40, 450).forEach(suite::add);
        Set<String> truths = new HashSet<>();
        suite.questions().forEach(q -> truths.add(q.context() + q.choices().get(q.gold())));
        Set<String> ids = new HashSet<>();
        ByteModel plain = new ByteModel("m");
        truths.forEach(text -> ids.add(java.util.Arrays.toString(plain.encode(text))));
        ByteModel knowing = new ByteModel("m") {
            @Override
            public int contextLength() {
                return 4096;
            }

            @Override
            public float[][] tokenNats(int[][] rows) {
                float[][] nats = new float[rows.length][];
                for (int r = 0; r < rows.length; r++) {
                    int[] document = java.util.Arrays.copyOfRange(rows[r], 1, rows[r].length);
                    nats[r] = new float[document.length];
                    java.util.Arrays.fill(nats[r], ids.contains(java.util.Arrays.toString(document)) ? 0.1f : 2f);
                }
                return nats;
            }
        };

        assertThat(answer(knowing).rows()).hasSize(40).allMatch(row -> row.getCorrect() == 1.0);
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

package org.bandpass.eval.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bandpass.eval.profile.TaskType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows with probabilities written by hand, so that every score can be computed on paper. */
class TaskRunnerTest {

    @TempDir
    private Path folder;

    private final WordModel model = new WordModel(2048);

    private TaskFile task(TaskType type, int shots, String delimiter) {
        return TaskFile.of(folder, type, shots, delimiter);
    }

    @Test
    void languageModellingNeedsEveryToken() {
        String[] rows = {
            "{'context': 'The sky is', 'continuation': 'blue'}",
            "{'context': 'Grass is ', 'continuation': 'dark green'}"
        };
        TaskFile colours = task(TaskType.LANGUAGE_MODELING, 1, " ");
        model.with("The sky is blue\nGrass is", " dark", 0.25).with(" dark", " green", 0.5);

        List<RowScore> scores = colours.score(model, rows);

        assertThat(scores).extracting(RowScore::correct).containsExactly(false, true);
        assertThat(scores.get(1).goldOption()).isEqualTo(new RowScore.Option(0.75, 2, 10));
        assertThat(scores.get(1).choice()).isNull();
        assertThat(scores.get(1).sumCorrect()).isNull();
        // Another word is now more likely in the first place; the second place still has the right one.
        model.with("Grass is", " green", 0.1);
        assertThat(colours.score(model, rows)).extracting(RowScore::correct).containsExactly(false, false);
    }

    @Test
    void multipleChoiceComparesNatsPerToken() {
        model.with("Question: 1+1?\nAnswer: 2\nQuestion: Ice is?\nAnswer:", " frozen", 1.6)
                .with(" frozen", " water", 0.4)
                .with("Ice is?\nAnswer:", " hot", 1.2);

        RowScore ice = task(TaskType.MULTIPLE_CHOICE, 1, "\nAnswer: ")
                .score(
                        model,
                        "{'query': 'Question: 1+1?', 'choices': ['2', '3'], 'gold': 0}",
                        "{'query': 'Question: Ice is?\\n', 'choices': ['frozen water', 'hot'], 'gold': 0}")
                .get(1);

        assertThat(ice.row()).isEqualTo(1);
        assertThat(ice.choice()).isZero();
        assertThat(ice.correct()).isTrue();
        assertThat(ice.tied()).isFalse();
        assertThat(ice.options().get(0).perToken()).isCloseTo(1.0, within(1e-6));
        assertThat(ice.options().get(1).perToken()).isCloseTo(1.2, within(1e-6));
        // The sums are 2.0 and 1.2; per byte 2.0/12 and 1.2/3.
        assertThat(ice.sumCorrect()).isFalse();
        assertThat(ice.byteCorrect()).isTrue();
    }

    @Test
    void theFirstOfEqualChoicesWins() {
        model.uniform(3);

        List<RowScore> scores = task(TaskType.MULTIPLE_CHOICE, 0, " ")
                .score(
                        model,
                        "{'query': 'Q', 'choices': ['x', 'long answer', 'é'], 'gold': 0}",
                        "{'query': 'Q', 'choices': ['same', 'other', 'same'], 'gold': 2}");

        assertThat(scores).extracting(RowScore::choice).containsExactly(0, 0);
        assertThat(scores).extracting(RowScore::correct).containsExactly(true, false);
        assertThat(scores).extracting(RowScore::tied).containsExactly(true, true);
        assertThat(scores.get(0).options()).extracting(RowScore.Option::bytes).containsExactly(1, 11, 2);
        assertThat(model.asked.get(1).continuations())
                .as("equal choices are one")
                .hasSize(2);
    }

    @Test
    void schemaComparesContexts() {
        model.with("because Al", " had", 2.31)
                .with("because Al had", " helped.", 2.31)
                .with("because Bo", " had", 1.9)
                .with("because Bo had", " helped.", 2.0);
        String row = "{'context_options': ['Al thanked Bo because Al', 'Al thanked Bo because Bo'],"
                + " 'continuation': 'had helped.', 'gold': 1}";

        RowScore score = task(TaskType.SCHEMA, 0, " ").score(model, row).get(0);

        assertThat(score.choice()).isEqualTo(1);
        assertThat(score.correct()).isTrue();
        assertThat(score.options())
                .extracting(RowScore.Option::perToken)
                .satisfiesExactly(
                        al -> assertThat(al).isCloseTo(2.31, within(1e-6)),
                        bo -> assertThat(bo).isCloseTo(1.95, within(1e-6)));
        assertThat(model.asked).as("one question an option").hasSize(2);
    }

    @Test
    void generationMustBeginWithAnAnswer() {
        String[] rows = {
            "{'context': 'Question: Capital of France?\\nAnswer:', 'answer': 'Paris'}",
            "{'context': 'Question: Who wrote Emma?\\nAnswer:', 'answer': 'Jane Austen', 'aliases': ['Austen']}"
        };
        TaskFile trivia = task(TaskType.GENERATION, 1, " ");
        model.with("Answer: Paris\nQuestion: Who wrote Emma?\nAnswer:", " Jane", 1)
                .with(" Jane", " Austen,", 1)
                .with(" Austen,", " the", 1);

        List<RowScore> scores = trivia.score(model, rows);

        assertThat(scores).extracting(RowScore::correct).containsExactly(false, true);
        // The longest answer has two tokens; the first row begins with the end of text.
        assertThat(scores).extracting(RowScore::generated).containsExactly("", " Jane Austen,");
        assertThat(scores.get(1).options()).isEmpty();
        model.with("Who wrote Emma?\nAnswer:", " It", 0.5).with(" It", " Austen", 1);
        assertThat(trivia.score(model, rows).get(1).correct()).isFalse();
    }

    @Test
    void aChainOfThoughtGetsItsRoom() {
        String row = "{'context': '2 apples plus 3?', 'answer': '5', 'chain_of_thought': '2+3=5'}";
        model.with("plus 3?", " 2+3=5", 1).with(" 2+3=5", " ####", 1).with(" ####", " 5.", 1);
        TaskFile apples = task(TaskType.GENERATION, 0, "");

        RowScore upstream = apples.reasoning(" #### ").score(model, row).get(0);
        RowScore paper = apples.score(model, row).get(0);

        assertThat(upstream.generated()).isEqualTo(" 2+3=5 #### 5.");
        assertThat(upstream.correct()).isTrue();
        assertThat(paper.correct()).isFalse();
    }

    @Test
    void cutsThePromptFromTheLeft() {
        // Words of the preamble: a b c | \n d e f | then \n and three words; two answers of one and of three words.
        String[] rows = {
            "{'query': 'a b', 'choices': ['c', 'x x x'], 'gold': 0}",
            "{'query': 'd e', 'choices': ['f', 'y y y'], 'gold': 0}",
            "{'query': 'g h i', 'choices': ['j', 'z z z'], 'gold': 0}"
        };
        WordModel small = new WordModel(9).beginning("<s>").uniform(1);

        RowScore last =
                task(TaskType.MULTIPLE_CHOICE, 2, " ").score(small, rows).get(2);

        // <s> and 7 tokens of preamble, 4 of context: 12. Room is 8 beside one token, 6 beside three.
        List<String> prompts = small.asked.subList(4, 6).stream()
                .map(question -> small.decode(question.prompt()))
                .toList();
        assertThat(prompts.get(0))
                .hasSizeLessThan(20)
                .endsWith("\ng h i")
                .contains(" f")
                .doesNotContain("<s>");
        assertThat(small.asked.get(4).prompt()).hasSize(8);
        assertThat(small.asked.get(5).prompt()).hasSize(6);
        assertThat(last.tokensCut()).isEqualTo(6);
        assertThat(last.shotsLost()).isEqualTo(2);
        assertThat(last.error()).isNull();
    }

    @Test
    void countsOnlyShotsThatLoseTokens() {
        String[] rows = {
            "{'context': 'a b', 'continuation': 'c'}",
            "{'context': 'd e', 'continuation': 'f'}",
            "{'context': 'g é', 'continuation': 'i'}"
        };
        TaskFile letters = task(TaskType.LANGUAGE_MODELING, 2, " ");

        // 7 + 3 + 1 tokens.
        assertThat(letters.score(new WordModel(11), rows))
                .extracting(RowScore::shotsLost)
                .containsOnly(0);
        assertThat(letters.score(new WordModel(10), rows))
                .extracting(RowScore::shotsLost)
                .containsOnly(1);
        assertThat(letters.score(new WordModel(8), rows))
                .extracting(RowScore::shotsLost)
                .containsOnly(1);
        assertThat(letters.score(new WordModel(7), rows))
                .extracting(RowScore::shotsLost)
                .containsOnly(2);
        assertThat(letters.score(new WordModel(11).beginning("<s>"), rows))
                .extracting(RowScore::tokensCut, RowScore::shotsLost)
                .containsOnly(org.assertj.core.api.Assertions.tuple(1, 0));
    }

    @Test
    void anAnswerLongerThanTheContextIsAnErrorOfItsRow() {
        String[] rows = {
            "{'context': 'one', 'continuation': '1 2 3 4 5'}",
            "{'context': 'two', 'continuation': '1 2 3 4'}",
            "{'context': 'three', 'continuation': '1 2 3'}"
        };

        List<RowScore> scores = task(TaskType.LANGUAGE_MODELING, 0, " ").score(new WordModel(4), rows);

        assertThat(scores.get(0).error()).contains("5 tokens").contains("has 4");
        // With the original's slice [-0:] the whole prompt would stay; here nothing would, so there is no score.
        assertThat(scores.get(1).error()).contains("4 tokens");
        assertThat(scores.get(2).error()).isNull();
        assertThat(scores).extracting(RowScore::correct).containsOnly(false);
    }

    @Test
    void anAnswerLengthThatLeavesNoRoomIsAnErrorOfEveryRow() {
        String row = "{'context': 'why', 'answer': 'a b c d'}";

        RowScore score =
                task(TaskType.GENERATION, 0, " ").score(new WordModel(4), row).get(0);

        assertThat(score.error()).contains("may have 4 tokens").contains("among 4");
        assertThat(score.correct()).isFalse();
    }

    @Test
    void refusesLikelihoodsThatAreNotFinite() {
        WordModel diverged = new WordModel(99).uniform(Double.NaN);

        assertThatThrownBy(() -> task(TaskType.LANGUAGE_MODELING, 0, " ")
                        .score(diverged, "{'context': 'a', 'continuation': 'b'}"))
                .isInstanceOf(NotFiniteException.class)
                .hasMessageContaining("row 0 of task/0-shot");
        assertThatThrownBy(() -> task(TaskType.GENERATION, 0, " ").score(diverged, "{'context': 'a', 'answer': 'b'}"))
                .isInstanceOf(NotFiniteException.class)
                .hasMessageContaining("row 0 of task/0-shot");
    }

    @Test
    void longPromptsAreScoredInSmallerParts() {
        String row = "{'context': '" + "a".repeat(5_000) + "', 'continuation': 'b'}";
        List<Integer> parts = new ArrayList<>();

        task(TaskType.LANGUAGE_MODELING, 0, " ")
                .open(new WordModel(99_999), null, row, row, row, row, row)
                .score(0, (from, rows) -> parts.add(rows.size()));

        assertThat(parts).hasSizeGreaterThan(1).allMatch(size -> size < 5);
        assertThat(parts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(5);
    }

    @Test
    void continuesAtARowAndKeepsItsPrompt() {
        String[] rows = IntStream.range(0, 300)
                .mapToObj(i -> "{'context': 'c" + i + "', 'continuation': '" + i + "', 'category': '" + (i % 3) + "'}")
                .toArray(String[]::new);
        TaskFile numbers = task(TaskType.LANGUAGE_MODELING, 2, " ").byCategory();
        List<ScoredRow> all = new ArrayList<>();
        numbers.open(model, null, rows).score(0, (from, chunk) -> {
            assertThat(from).isEqualTo(all.size());
            all.addAll(chunk);
        });

        List<ScoredRow> rest = new ArrayList<>();
        numbers.open(model, null, rows).score(150, (from, chunk) -> {
            assertThat(from).isEqualTo(150 + rest.size());
            rest.addAll(chunk);
        });
        List<ScoredRow> limited = new ArrayList<>();
        TaskRunner limit = numbers.open(model, 10, rows);
        limit.score(0, (from, chunk) -> limited.addAll(chunk));

        assertThat(all).hasSize(300).extracting(row -> row.prompt().row()).doesNotHaveDuplicates();
        assertThat(rest.toString()).isEqualTo(all.subList(150, 300).toString());
        assertThat(limit.rows()).isEqualTo(10);
        assertThat(limit.allRows()).isEqualTo(300);
        assertThat(limited).hasSize(10).allMatch(row -> all.toString().contains(row.toString()));
        assertThat(limited)
                .extracting(row -> row.score().category())
                .containsExactly("0", "0", "0", "1", "1", "1", "2", "2", "2", "2");
    }
}

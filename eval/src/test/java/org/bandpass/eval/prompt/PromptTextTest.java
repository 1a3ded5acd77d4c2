package org.bandpass.eval.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bandpass.eval.profile.DataFile;
import org.bandpass.eval.profile.GenerationRules;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.profile.PromptFormat;
import org.bandpass.eval.profile.TaskType;
import org.junit.jupiter.api.Test;

/** Oracle: the worked examples of the original format. */
class PromptTextTest {

    private static final DataFile FILE = new DataFile(List.of("local_data/x.jsonl"), 0, "git:0", List.of());

    @Test
    void languageModeling() {
        PromptText text = text(TaskType.LANGUAGE_MODELING, " ", "", "");

        Prompt prompt = text.prompt(plain("Grass is", "dark green"), List.of(plain("The sky is", "blue")));

        assertThat(prompt.preamble()).isEqualTo("The sky is blue");
        assertThat(prompt.contexts()).containsExactly("\nGrass is");
        assertThat(prompt.continuations()).containsExactly(" dark green");
        assertThat(prompt.gold()).isNull();
    }

    @Test
    void multipleChoice() {
        PromptText text = text(TaskType.MULTIPLE_CHOICE, "\nAnswer: ", "", "");

        Prompt prompt = text.prompt(
                choice("Question: Ice is?", List.of("frozen water", " hot"), 0),
                List.of(choice("Question: 1+1?", List.of("2", "3"), 0)));

        assertThat(prompt.preamble()).isEqualTo("Question: 1+1?\nAnswer: 2");
        assertThat(prompt.contexts()).containsExactly("\nQuestion: Ice is?\nAnswer:");
        assertThat(prompt.continuations()).containsExactly(" frozen water", " hot");
        assertThat(prompt.gold()).isZero();
    }

    @Test
    void withoutThePrefixSpaceAContinuationStaysAsItIs() {
        PromptText text = new PromptText(task(TaskType.MULTIPLE_CHOICE, "\nAnswer: ", "", ""), false);

        Prompt prompt = text.prompt(choice("Q", List.of("B", " C"), 1), List.of());

        assertThat(prompt.contexts()).containsExactly("Q\nAnswer:");
        assertThat(prompt.continuations()).containsExactly("B", " C");
    }

    @Test
    void schemaWithoutShots() {
        List<String> options = List.of("Al thanked Bo because Al", "Al thanked Bo because Bo");

        Prompt prompt =
                text(TaskType.SCHEMA, "\nAnswer: ", "", "").prompt(schema(options, "had helped.", 1), List.of());

        assertThat(prompt.preamble()).isEmpty();
        assertThat(prompt.contexts()).isEqualTo(options);
        assertThat(prompt.continuations()).containsExactly(" had helped.");
        assertThat(prompt.gold()).isEqualTo(1);
    }

    @Test
    void schemaWithShots() {
        Row shot = schema(List.of("It rained so I", "It rained so they"), "got wet.", 1);

        Prompt prompt = text(TaskType.SCHEMA, " ", "", "")
                .prompt(schema(List.of("because Al", "because Bo"), "had helped.", 1), List.of(shot));

        assertThat(prompt.preamble()).isEqualTo("It rained so they got wet.");
        assertThat(prompt.contexts()).containsExactly("\nbecause Al", "\nbecause Bo");
    }

    @Test
    void generation() {
        Row shot = answered("Question: Capital of France?\nAnswer:", "Paris", List.of("Paris"), "");
        Row asked = answered("Question: Who wrote Emma?\nAnswer:", "Jane Austen", List.of("Austen", "Jane Austen"), "");

        Prompt prompt = text(TaskType.GENERATION, " ", "", "").prompt(asked, List.of(shot));

        assertThat(prompt.preamble()).isEqualTo("Question: Capital of France?\nAnswer: Paris");
        assertThat(prompt.contexts()).containsExactly("\nQuestion: Who wrote Emma?\nAnswer:");
        assertThat(prompt.continuations()).isEmpty();
        assertThat(prompt.answers()).containsExactly("Austen", "Jane Austen");
        assertThat(prompt.gold()).isNull();
    }

    @Test
    void aChainOfThoughtStandsInFrontOfTheAnswerOfAShotOnly() {
        Row row = answered("2 apples plus 3?", "5", List.of("5"), "2+3=5");

        Prompt prompt = text(TaskType.GENERATION, "\nA: ", "Q: ", " #### ").prompt(row, List.of(row));

        assertThat(prompt.preamble()).isEqualTo("Q: 2 apples plus 3?\nA: 2+3=5 #### 5");
        assertThat(prompt.contexts()).containsExactly("\nQ: 2 apples plus 3?\nA:");
        assertThat(prompt.reasoning()).isEqualTo("2+3=5");
    }

    @Test
    void aShotWithoutAChainOfThoughtHasNoDelimiterOfIt() {
        Row shot = answered("1?", "1", List.of("1"), "");

        Prompt prompt = text(TaskType.GENERATION, " ", "", " #### ").prompt(shot, List.of(shot));

        assertThat(prompt.preamble()).isEqualTo("1? 1");
    }

    @Test
    void theStartStandsInFrontOfTheShotsAndCountsAsPreamble() {
        ProfileTask task = task(TaskType.LANGUAGE_MODELING, new PromptFormat("Answer.", "\n", " ", "", ""));

        Prompt prompt = new PromptText(task, true).prompt(plain("a", "b"), List.of(plain("c", "d"), plain("e", "f")));

        assertThat(prompt.preamble()).isEqualTo("Answer.\nc d\ne f");
        assertThat(prompt.shotStarts()).containsExactly(7, 11);
        assertThat(prompt.contexts()).containsExactly("\na");
    }

    private static PromptText text(TaskType type, String continuation, String question, String reasoning) {
        return new PromptText(task(type, continuation, question, reasoning), true);
    }

    private static ProfileTask task(TaskType type, String continuation, String question, String reasoning) {
        return task(type, new PromptFormat("", "\n", continuation, question, reasoning));
    }

    private static ProfileTask task(TaskType type, PromptFormat format) {
        return new ProfileTask("x", "y", type, FILE, 1, 0, false, format, new GenerationRules(List.of(), true));
    }

    private static Row plain(String context, String continuation) {
        return new Row(0, "", context, continuation, List.of(), -1, List.of(), "");
    }

    private static Row choice(String query, List<String> choices, int gold) {
        return new Row(0, "", query, "", choices, gold, List.of(), "");
    }

    private static Row schema(List<String> options, String continuation, int gold) {
        return new Row(0, "", "", continuation, options, gold, List.of(), "");
    }

    private static Row answered(String context, String answer, List<String> labels, String reasoning) {
        return new Row(0, "", context, answer, List.of(), -1, labels, reasoning);
    }
}

package org.bandpass.eval.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.profile.DataFile;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.GenerationRules;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.profile.PromptFormat;
import org.bandpass.eval.profile.TaskType;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskPromptsTest {

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void createFolder() throws IOException {
        file = Files.createDirectories(folder.resolve("local_data")).resolve("x.jsonl");
    }

    @Test
    void stringsOfTheRowAreStrippedAndThoseInListsAreNot() throws IOException {
        write("{\"query\": \"\\u00a0Q\\n\", \"choices\": [\" a \", \"b\"], \"gold\": 1}");

        Prompt prompt = prompts(TaskType.MULTIPLE_CHOICE, 0).get(0);

        assertThat(prompt.contexts()).containsExactly("Q");
        assertThat(prompt.continuations()).containsExactly(" a ", " b");
    }

    @Test
    void answersAreKeptAsTheyAreAndSortedByCodePoints() throws IOException {
        // U+1F600 is greater than U+FFFD, but its first UTF-16 unit is less.
        write("{\"context\": \"Q\", \"answer\": \"\\ufffd \", \"aliases\": [\"\\ud83d\\ude00\", \"b\", \"b\"]}");

        Prompt prompt = prompts(TaskType.GENERATION, 0).get(0);

        assertThat(prompt.answers()).containsExactly("b", "\ufffd ", "\ud83d\ude00");
    }

    @Test
    void categoriesAreSortedAndDrawTheirOwnShots() throws IOException {
        write(
                "{\"category\": \"b\", \"context\": \"b0\", \"continuation\": \"0\"}",
                "{\"category\": \"a\", \"context\": \"a0\", \"continuation\": \"0\"}",
                "{\"category\": \"b\", \"context\": \"b1\", \"continuation\": \"1\"}",
                "{\"category\": \"a\", \"context\": \"a1\", \"continuation\": \"1\"}");

        List<CategoryPrompts> parts = TaskPrompts.of(task(TaskType.LANGUAGE_MODELING, 3, true), data(), true);

        assertThat(parts).extracting(CategoryPrompts::category).containsExactly("a", "b");
        assertThat(parts.get(0)).extracting(Prompt::row).containsExactly(1, 3);
        assertThat(parts.get(0)).extracting(Prompt::preamble).containsExactly("a1 1", "a0 0");
    }

    @Test
    void aChosenPromptIsThatOfTheFullIteration() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            lines.add("{\"context\": \"c" + i + "\", \"continuation\": \"" + i + "\"}");
        }
        write(lines.toArray(String[]::new));
        CategoryPrompts prompts = TaskPrompts.of(task(TaskType.LANGUAGE_MODELING, 5, false), data(), true)
                .get(0);
        List<Prompt> all = new ArrayList<>();
        prompts.forEach(all::add);

        List<Prompt> some = new ArrayList<>();
        prompts.only(position -> position % 13 == 1).forEach(some::add);

        assertThat(some).containsExactly(all.get(1), all.get(14), all.get(27));
        assertThat(prompts.size()).isEqualTo(40);
    }

    @Test
    void expectedTextsHaveTheChainOfThought() throws IOException {
        write(
                "{\"context\": \"1+1\", \"answer\": \"2\", \"chain_of_thought\": \"one and one\"}",
                "{\"context\": \"1+2\", \"answer\": \"3\", \"aliases\": [\"three\"], \"chain_of_thought\": \"easy\"}");

        CategoryPrompts prompts = TaskPrompts.of(task(TaskType.GENERATION, 0, false), data(), true)
                .get(0);

        assertThat(prompts.reasons()).isTrue();
        assertThat(prompts.expectedTexts()).containsExactly("one and one = 2", "easy = 3", "easy = three");
    }

    @Test
    void aRowWithoutAFieldIsRefused() throws IOException {
        write("{\"context\": \"a\", \"continuation\": \"b\"}", "", "{\"context\": \"a\"}");

        refused(
                TaskType.LANGUAGE_MODELING,
                file + " line 3: field 'continuation' of a language_modeling row is missing");
    }

    @Test
    void aGoldOutOfRangeIsRefused() throws IOException {
        write("{\"query\": \"a\", \"choices\": [\"b\", \"c\"], \"gold\": 2}");

        refused(TaskType.MULTIPLE_CHOICE, "line 1: field 'gold' of a multiple_choice row must be an index from 0 to 1");
    }

    @Test
    void aFieldOfAnotherTypeIsRefused() throws IOException {
        write("{\"context_options\": \"a\", \"continuation\": \"b\", \"gold\": 0}");

        refused(TaskType.SCHEMA, "field 'context_options' of a schema row must be a list of texts, not \"a\"");
    }

    @Test
    void aLineThatIsNoJsonIsRefused() throws IOException {
        write("{\"context\": \"a\", \"continuation\": \"b\"}", "{\"context\": ");

        refused(TaskType.LANGUAGE_MODELING, file + " line 2 is not JSON");
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() throws IOException {
        Files.write(file, "{\"context\": \"\u00e4\"}\n".getBytes(StandardCharsets.ISO_8859_1));

        refused(TaskType.LANGUAGE_MODELING, file + " is not UTF-8");
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        write();

        refused(TaskType.LANGUAGE_MODELING, file + " has no rows");
    }

    @Test
    void aMissingFileIsRefused() {
        refused(TaskType.LANGUAGE_MODELING, "there is no " + file + ", which task x/0-shot uses");
    }

    private void refused(TaskType type, String message) {
        assertThatThrownBy(() -> prompts(type, 0))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining(message);
    }

    private List<Prompt> prompts(TaskType type, int shots) {
        List<Prompt> prompts = new ArrayList<>();
        TaskPrompts.of(task(type, shots, false), data(), true).get(0).forEach(prompts::add);
        return prompts;
    }

    private DataFolder data() {
        return DataFolder.of(folder);
    }

    private static ProfileTask task(TaskType type, int shots, boolean byCategory) {
        DataFile data = new DataFile(List.of("local_data/x.jsonl"), 0, "git:0", List.of());
        PromptFormat format = new PromptFormat("", "\n", " ", "", " = ");
        return new ProfileTask(
                "x", "y", type, data, shots, 0, byCategory, format, new GenerationRules(List.of(), true));
    }

    private void write(String... lines) throws IOException {
        Files.write(file, List.of(lines));
    }
}

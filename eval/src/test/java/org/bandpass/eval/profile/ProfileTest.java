package org.bandpass.eval.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.bandpass.eval.GauntletData;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileTest {

    private static final String OWN = """
            {"name": "own", "version": "3", "average": "tasks", "tasks": [
              {"label": "riddles", "category": "fun", "type": "schema", "shots": 2, "baseline": 0.5,
               "file": {"paths": ["riddles.jsonl"], "exact": "sha256:%s"}}]}
            """.formatted("0".repeat(64));

    @TempDir
    private Path folder;

    /** Oracle: the list of the original's tasks. */
    @ParameterizedTest
    @CsvSource({"paper-v0.2,paper_v0.2_as_run", "v0,v0_paper_appendix_text", "v0.2,v0.2_upstream", "v0.3,v0.3"})
    void profilesAreThoseOfTheOriginal(String name, String original) throws IOException {
        JsonNode list = GauntletData.vectors("tasks.json");
        List<ProfileTask> tasks = Profile.named(name).tasks();

        assertThat(tasks).hasSize(list.at("/versions/" + original).size());
        for (int i = 0; i < tasks.size(); i++) {
            requireEqual(tasks.get(i), list.at("/versions/" + original).get(i));
            requireKnown(tasks.get(i).file(), list.get("files"), name);
        }
        assertThat(Profile.named(name).averaging()).isEqualTo(Averaging.CATEGORIES);
    }

    private static void requireEqual(ProfileTask task, JsonNode original) {
        String type = original.get("icl_task_type").textValue();
        assertThat(task.label()).isEqualTo(original.get("label").textValue());
        assertThat(task.category()).isEqualTo(original.get("category").textValue());
        assertThat(task.file().path()).isEqualTo(original.get("file").textValue());
        assertThat(task.type().key()).isEqualTo(type.contains("answer") ? TaskType.GENERATION.key() : type);
        assertThat(task.shots()).isEqualTo(original.get("num_fewshot").intValue());
        assertThat(task.baseline()).isEqualTo(original.get("random_baseline").doubleValue());
        assertThat(task.byCategory()).isEqualTo(original.get("has_categories").booleanValue());
        assertThat(task.format())
                .isEqualTo(new PromptFormat(
                        original.get("prompt_string").textValue(),
                        original.get("example_delimiter").textValue(),
                        original.get("continuation_delimiter").textValue(),
                        original.get("question_prelimiter").textValue(),
                        original.get("cot_delimiter").textValue()));
        List<String> stops = new ArrayList<>();
        original.path("early_stopping_criteria").forEach(stop -> stops.add(stop.textValue()));
        assertThat(task.generation())
                .isEqualTo(new GenerationRules(
                        stops, original.path("do_normalization").asBoolean(true)));
    }

    private static void requireKnown(DataFile file, JsonNode files, String profile) {
        JsonNode original = files.get(file.path());
        boolean old = profile.startsWith("paper") && original.has("paper_time_git_blob_sha1");
        assertThat(file.exact())
                .isEqualTo("git:"
                        + original.get(old ? "paper_time_git_blob_sha1" : "git_blob_sha1_upstream")
                                .textValue());
        assertThat(file.rebuilt())
                .isEqualTo(
                        original.get("status").textValue().startsWith("functional")
                                ? List.of("sha256:" + original.get("sha256").textValue())
                                : List.of());
        assertThat(original.path("rows").asInt(file.rows())).isEqualTo(file.rows());
    }

    /** Oracle: the core tasks and baselines of DataComp-LM. */
    @Test
    void coreHasTheTasksAndBaselinesOfItsTable() {
        Profile core = Profile.named("core-v2");

        assertThat(core.averaging()).isEqualTo(Averaging.TASKS);
        assertThat(core.tasks().stream()
                                .map(task -> task.label() + " " + task.shots() + " " + task.baseline())
                                .collect(Collectors.joining("\n"))
                        + "\n")
                .isEqualTo("""
                        hellaswag_zeroshot 0 0.25
                        jeopardy 10 0.0
                        bigbench_qa_wikidata 10 0.0
                        arc_easy 10 0.25
                        arc_challenge 10 0.25
                        copa 0 0.5
                        commonsense_qa 10 0.2
                        piqa 10 0.5
                        openbook_qa 0 0.25
                        lambada_openai 0 0.0
                        hellaswag 10 0.25
                        winograd 0 0.5
                        winogrande 0 0.5
                        bigbench_dyck_languages 10 0.0
                        agi_eval_lsat_ar 3 0.2
                        bigbench_cs_algorithms 10 0.0
                        bigbench_operators 10 0.0
                        bigbench_repeat_copy_logic 10 0.0
                        squad 10 0.0
                        coqa 0 0.0
                        boolq 10 0.62
                        bigbench_language_identification 10 0.091
                        """);
        assertThat(core.tasks().stream()
                        .filter(task -> task.format().continuationDelimiter().equals("\nAnswer: "))
                        .map(ProfileTask::label))
                .containsExactly("jeopardy", "arc_easy", "arc_challenge", "piqa", "boolq");
        assertThat(core.tasks().stream().filter(ProfileTask::byCategory).map(ProfileTask::label))
                .containsExactly("jeopardy");
    }

    @Test
    void aFileIsAProfile() throws IOException {
        Profile own = read(OWN);

        assertThat(own.name() + " " + own.version()).isEqualTo("own 3");
        assertThat(own.tasks()).singleElement().satisfies(task -> {
            assertThat(task.key()).isEqualTo("riddles/2-shot");
            assertThat(task.format()).isEqualTo(new PromptFormat("", "\n", " ", "", ""));
            assertThat(task.normalized(0.75)).isEqualTo(0.5);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"shots\": 2|\"shots\": -1|tasks[0].shots must be at least 0, not -1",
                "\"shots\": 2|\"shots\": \"2\"|tasks[0].shots must be of type integer, not \"2\"",
                "\"baseline\": 0.5|\"baseline\": 1|tasks[0].baseline must be below 1, not 1",
                "\"schema\"|\"chat\"|tasks[0].type must be one of",
                "\"version\": \"3\",| |the file lacks 'version'",
                "\"shots\"|\"few_shots\": 2, \"shots\"|tasks[0] has an unknown key 'few_shots'",
                "sha256:|md5:|tasks[0].file.exact must match",
                "[\"riddles.jsonl\"]|[]|tasks[0].file.paths must not be empty"
            })
    void anInvalidFileIsRefused(String part, @Nullable String other, String message) {
        assertThatThrownBy(() -> read(OWN.replace(part, other == null ? "" : other)))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("own.json is not a profile: " + message);
    }

    @Test
    void tasksAreWeightedAsTheFileSays() throws IOException {
        Weighting equal = read(OWN).weighting();
        Weighting byRows = read(OWN.replace("\"version\"", "\"weighting\": \"sample_size\", \"version\""))
                .weighting();
        Weighting byLog = read(OWN.replace("\"version\"", "\"weighting\": \"log_sample_size\", \"version\""))
                .weighting();

        assertThat(equal.weight(1024)).isEqualTo(1);
        assertThat(byRows.weight(1024)).isEqualTo(1024);
        assertThat(byLog.weight(1024)).isEqualTo(10);
        assertThat(byLog.weight(1)).isEqualTo(1);
    }

    @Test
    void aFileWithTheNameOfAnOwnProfileIsRefused() {
        assertThatThrownBy(() -> read(OWN.replace("\"own\"", "\"core-v2\"")))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("has the name of a built-in profile, core-v2");
    }

    @Test
    void twoTasksOfOneKeyAreRefused() {
        String task = OWN.substring(OWN.indexOf("{\"label"), OWN.lastIndexOf("]}"));

        assertThatThrownBy(() -> read(OWN.replace(task, task + ", " + task)))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("two tasks riddles/2-shot");
    }

    @Test
    void anUnknownProfileIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Profile.named("v9"))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("v9: neither a file nor one of paper-v0.2, v0, v0.2, v0.3, core-v2");
    }

    @Test
    void tasksAreChosenByLabelOrByLabelAndShots() {
        Profile core = Profile.named("core-v2");

        assertThat(core.only(List.of("boolq", "hellaswag/10-shot")).tasks())
                .extracting(ProfileTask::key)
                .containsExactly("hellaswag/10-shot", "boolq/10-shot");
        assertThatThrownBy(() -> core.only(List.of("hellaswag/5-shot")))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("no task hellaswag/5-shot; it has hellaswag_zeroshot/0-shot, jeopardy/10-shot");
    }

    private Profile read(String json) throws IOException {
        return Profile.named(Files.writeString(folder.resolve("own.json"), json).toString());
    }
}

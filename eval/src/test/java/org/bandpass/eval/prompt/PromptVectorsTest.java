package org.bandpass.eval.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.bandpass.eval.GauntletData;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.Profile;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Oracle: hashes of the prompts that the original runner makes of the real data. */
class PromptVectorsTest {

    @Test
    void theHashIsThatOfPythonsJson() {
        PromptDigest digest = new PromptDigest();

        digest.add(new Prompt(
                0,
                "a\"\\\n\t\u007f\u00e9\ud83d\ude00\u0001",
                List.of(),
                List.of("b"),
                List.of(" c", "d"),
                0,
                List.of(),
                ""));

        // hashlib.sha256((json.dumps([...], separators=(',', ':')) + '\n').encode()).hexdigest()
        assertThat(digest.hex()).isEqualTo("8839a37ada84f8b72315ed3b860217c30a79ef5b3b2b2b503d4d1e3e8e7fc5cc");
    }

    @TestFactory
    Stream<DynamicTest> theProfileOfThePaper() throws IOException {
        return tests("paper-v0.2", GauntletData.vectors("prompt-vectors.json").get("profile_paper_as_run"));
    }

    @TestFactory
    Stream<DynamicTest> generationTasksAsIntended() throws IOException {
        return tests("v0.2", GauntletData.vectors("prompt-vectors.json").get("profile_upstream_v0.2_generation_tasks"));
    }

    private static Stream<DynamicTest> tests(String profile, JsonNode vectors) {
        DataFolder folder = DataFolder.of(GauntletData.folder());
        Map<String, List<JsonNode>> byTask = new LinkedHashMap<>();
        vectors.forEach(vector -> byTask.computeIfAbsent(vector.get("task").textValue(), task -> new ArrayList<>())
                .add(vector));
        assertThat(byTask).isNotEmpty();
        return byTask.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Profile only = Profile.named(profile).only(List.of(entry.getKey()));
                    List<CategoryPrompts> parts = TaskPrompts.of(only.tasks().get(0), folder, true);
                    assertThat(parts).hasSameSizeAs(entry.getValue());
                    entry.getValue().forEach(vector -> requireEqual(parts, vector));
                }));
    }

    private static void requireEqual(List<CategoryPrompts> parts, JsonNode vector) {
        String category = vector.hasNonNull("category") ? vector.get("category").textValue() : null;
        CategoryPrompts prompts = parts.stream()
                .filter(part -> Objects.equals(part.category(), category))
                .findFirst()
                .orElseThrow();
        assertThat(prompts.size()).isEqualTo(vector.get("rows").intValue());
        JsonNode row0 = vector.path("row0");
        if (row0.has("preamble")) {
            Prompt first = prompts.iterator().next();
            assertThat(first.preamble()).isEqualTo(row0.get("preamble").textValue());
            assertThat(first.contexts()).isEqualTo(texts(row0.get("contexts")));
            assertThat(PromptDigest.asked(first)).isEqualTo(texts(row0.get("continuations_or_answers")));
            assertThat(first.gold())
                    .isEqualTo(row0.hasNonNull("gold") ? row0.get("gold").intValue() : null);
        }
        PromptDigest digest = new PromptDigest();
        prompts.forEach(digest::add);
        assertThat(digest.hex())
                .as("%s %s", prompts.task().key(), category)
                .isEqualTo(vector.get("sha256_of_prompt_stream").textValue());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.textValue()));
        return texts;
    }
}

package org.bandpass.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.bandpass.languagemodel.ContinuationModel.Question;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GauntletRecorderTest {

    private static final int ROWS = 12;

    @TempDir
    private Path folder;

    @Test
    void eachKindHasTheQuestionsOfItsTask() throws IOException {
        new BenchmarkShape("tiny", "mpt", 300, 16, 1, 2, 1, 256).write(folder);
        BytePairTrainer.train(List.of("a b c").iterator(), 300, folder.resolve("tokenizer.json"));
        String choice = "{\"query\": \"q%d?\", \"choices\": [\"red\", \"blue\", \"white\"], \"gold\": 1}";
        write("world_knowledge/arc_easy", choice);
        write("world_knowledge/mmlu", choice.replace("\"gold\"", "\"category\": \"one\", \"gold\""));
        write(
                "world_knowledge/jeopardy_all",
                "{\"context\": \"c%d\", \"continuation\": \"red\", \"category\": \"one\"}");
        write(
                "language_understanding/winogrande",
                "{\"context_options\": [\"a%d\", \"b\"], \"continuation\": \"red\", \"gold\": 0}");
        write(
                "world_knowledge/triviaqa_sm_sub",
                "{\"context\": \"q%d\", \"answer\": \"red\", \"aliases\": [\"blue\"]}");

        List<EvalRows> kinds = GauntletRecorder.rows(folder, folder, 8);

        assertThat(kinds).extracting(EvalRows::rows).containsOnly(8);
        assertThat(kinds).extracting(kind -> kind.questions().size()).containsExactly(8, 8, 8, 16, 0);
        assertThat(kinds)
                .extracting(kind -> kind.questions().stream()
                        .map(Question::continuations)
                        .mapToInt(List::size)
                        .sum())
                .containsExactly(24, 24, 8, 16, 0);
        assertThat(kinds).extracting(kind -> kind.prompts().size()).containsExactly(0, 0, 0, 0, 8);
        assertThat(kinds.get(4).newTokens()).isPositive();
    }

    private void write(String file, String row) throws IOException {
        Path path = folder.resolve("local_data/" + file + ".jsonl");
        Files.createDirectories(path.getParent());
        Files.write(path, IntStream.range(0, ROWS).mapToObj(row::formatted).toList());
    }
}

package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bandpass.eval.gauntlet.GauntletModel;
import org.bandpass.eval.gauntlet.RowScore;
import org.bandpass.eval.gauntlet.RowScore.Option;
import org.bandpass.eval.gauntlet.ScoredRow;
import org.bandpass.eval.gauntlet.TaskRunner;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.languagemodel.ContinuationModel;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.ModelPreset;
import org.bandpass.languagemodel.SeparateContinuations;
import org.bandpass.languagemodel.TrainingSession;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of each type with each prompt computed once, and with a row for each option and a pass for each new token. */
@Tag("slow")
class GauntletWaysTest {
    private static final int ROWS = Integer.getInteger("bandpass.ways.rows", 500);
    private static final int STEPS = 60;
    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path folder;

    @Test
    void aTrainedModelScoresFiveHundredRowsOfEachTypeAlike() throws IOException {
        Path data = GauntletData.folder();
        train(data.resolve("local_data/reading_comprehension/squad.jsonl"));
        try (RunModel model = new FolderModels("cpu", "fp32").open(folder)) {
            GauntletModel plain = separate(model);
            for (String task : List.of("arc_easy", "siqa", "lambada_openai", "winogrande", "triviaqa_sm_sub")) {
                List<RowScore> found = scores(task, data, model);
                List<RowScore> expected = scores(task, data, plain);
                assertThat(found).hasSameSizeAs(expected).hasSize(ROWS);
                for (int r = 0; r < ROWS; r++) {
                    assertAgree(task + " row " + expected.get(r).row(), found.get(r), expected.get(r));
                }
            }
        }
    }

    private static List<RowScore> scores(String label, Path data, GauntletModel model) {
        ProfileTask task = Profile.named("paper-v0.2").tasks().stream()
                .filter(one -> one.label().equals(label))
                .findFirst()
                .orElseThrow();
        List<RowScore> scores = new ArrayList<>();
        long start = System.nanoTime();
        TaskRunner.open(task, DataFolder.of(data), model, new TaskRunner.Options(ROWS, 8192))
                .score(0, (from, rows) -> rows.stream().map(ScoredRow::score).forEach(scores::add));
        System.err.printf("%s: %.1f s%n", label, (System.nanoTime() - start) / 1e9);
        return scores;
    }

    private static void assertAgree(String name, RowScore found, RowScore expected) {
        assertThat(found.error()).as(name).isEqualTo(expected.error());
        assertThat(found.generated()).as(name).isEqualTo(expected.generated());
        assertThat(found.options()).as(name).hasSameSizeAs(expected.options());
        for (int o = 0; o < found.options().size(); o++) {
            Option option = expected.options().get(o);
            assertThat(found.options().get(o).perToken()).as(name).isCloseTo(option.perToken(), within(TOLERANCE));
        }
        Integer choice = found.choice();
        if (choice == null) {
            assertThat(found.correct()).as(name).isEqualTo(expected.correct());
        } else if (!choice.equals(expected.choice())) {
            double margin = expected.options().get(choice).perToken()
                    - expected.options().get(expected.choice()).perToken();
            assertThat(margin).as(name).isLessThan(2 * TOLERANCE);
        }
    }

    /** A tokenizer and a model of a million parameters that has learnt something of a file's lines. */
    private void train(Path lines) throws IOException {
        List<String> texts = Files.readAllLines(lines).subList(0, 2000);
        BytePairTrainer.train(texts.iterator(), 2048, folder.resolve("tokenizer.json"));
        int context;
        int[] ids;
        try (TextTokenizer tokenizer = TextTokenizer.load(folder)) {
            ids = texts.stream()
                    .map(tokenizer::encode)
                    .flatMapToInt(Arrays::stream)
                    .toArray();
        }
        ModelPreset preset = ModelPreset.TINY;
        context = preset.config(2048).contextLength();
        try (TrainingSession session = TrainingSession.start(preset.config(2048), preset.recipe(STEPS, 4), 17, "cpu")) {
            double first = 0;
            double last = 0;
            for (int step = 0; step < STEPS; step++) {
                int[][] rows = new int[4][];
                for (int r = 0; r < rows.length; r++) {
                    int from = (step * rows.length + r) * context;
                    rows[r] = Arrays.copyOfRange(ids, from, from + context + 1);
                }
                last = session.step(rows);
                first = step == 0 ? last : first;
            }
            assertThat(last).as("nats after training").isLessThan(first - 1);
            Path saved = Files.createDirectory(folder.resolve("saved"));
            session.save(saved);
            Files.copy(saved.resolve("config.json"), folder.resolve("config.json"));
            Files.copy(saved.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        }
    }

    private static GauntletModel separate(RunModel model) {
        ContinuationModel separate = new SeparateContinuations((LanguageModel) model.continuations());
        return new GauntletModel() {
            @Override
            public ContinuationModel continuations() {
                return separate;
            }

            @Override
            public int[] encode(String text) {
                return model.encode(text);
            }

            @Override
            public String decode(int[] ids) {
                return model.decode(ids);
            }

            @Override
            public @Nullable Integer beginOfText() {
                return model.beginOfText();
            }

            @Override
            public @Nullable Integer endOfText() {
                return model.endOfText();
            }

            @Override
            public long bytesOf(String text, int tokens) {
                return model.bytesOf(text, tokens);
            }
        };
    }
}

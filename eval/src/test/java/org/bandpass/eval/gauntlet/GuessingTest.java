package org.bandpass.eval.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.bandpass.eval.GauntletData;
import org.bandpass.eval.profile.DataFolder;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.Profile;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.eval.profile.TaskType;
import org.bandpass.languagemodel.ContinuationModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Models that know nothing, on the real data: what they get is known beforehand. */
class GuessingTest {

    private static final int MOST_CHOICES = 11;

    /** Tasks with more rows are left to the slow test. */
    private static final int FEW_ROWS = 2400;

    /** A text is one token, so that a row costs nothing; likelihoods are all equal, or random numbers. */
    private static final class Guesser implements GauntletModel, ContinuationModel {

        private final @Nullable Random random;

        Guesser(@Nullable Random random) {
            this.random = random;
        }

        @Override
        public List<List<ContinuationScore>> score(List<Question> questions, int batchTokens) {
            return questions.stream()
                    .map(question -> question.continuations().stream()
                            .map(continuation -> new ContinuationScore(
                                    new float[] {random == null ? 7.5f : random.nextFloat()}, false))
                            .toList())
                    .toList();
        }

        @Override
        public int[] encode(String text) {
            return new int[] {text.hashCode() & Integer.MAX_VALUE};
        }

        @Override
        public ContinuationModel continuations() {
            return this;
        }

        @Override
        public int contextLength() {
            return 2048;
        }

        @Override
        public int vocabularySize() {
            return Integer.MAX_VALUE;
        }

        @Override
        public String revision() {
            return "guess";
        }

        @Override
        public List<int[]> generate(
                List<int[]> prompts, int mostTokens, int batchTokens, BiPredicate<Integer, int[]> ended) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String decode(int[] ids) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable Integer beginOfText() {
            return null;
        }

        @Override
        public @Nullable Integer endOfText() {
            return null;
        }

        @Override
        public long bytesOf(String text, int tokens) {
            return 0;
        }

        @Override
        public void close() {}
    }

    /** Returns the tasks with choices of all profiles, each file once: the fewest shots, which are built fastest. */
    private static List<ProfileTask> choiceTasks(DataFolder data, int mostRows) {
        Map<String, ProfileTask> tasks = new HashMap<>();
        Stream.of("paper-v0.2", "v0", "core-v2")
                .flatMap(name -> Profile.named(name).tasks().stream())
                .filter(task -> task.type() == TaskType.MULTIPLE_CHOICE || task.type() == TaskType.SCHEMA)
                .filter(task -> task.file().rows() <= mostRows)
                .filter(task -> data.check(task.file()).state() != DataState.MISSING)
                .forEach(task -> tasks.merge(
                        task.file().path(), task, (one, other) -> one.shots() <= other.shots() ? one : other));
        return List.copyOf(tasks.values());
    }

    private static List<RowScore> score(ProfileTask task, DataFolder data, GauntletModel model) {
        List<RowScore> scores = new ArrayList<>();
        TaskRunner.open(task, data, model, new TaskRunner.Options(null, 1))
                .score(0, (from, rows) -> rows.forEach(row -> scores.add(row.score())));
        return scores;
    }

    @Test
    void equalLikelihoodsChooseTheFirst() {
        DataFolder data = DataFolder.of(GauntletData.folder());

        Map<String, Double> accuracies = accuraciesOfTheFirst(data, FEW_ROWS);

        assertThat(accuracies.get("bigbench_strange_stories")).isEqualTo(1);
        assertThat(accuracies.get("bigbench_novel_concepts")).isEqualTo(1);
        assertThat(accuracies.get("commonsense_qa")).isBetween(0.15, 0.25);
        // The answer in 62.2 % of all rows is the second.
        assertThat(accuraciesOfTheFirst(
                        data, Profile.named("paper-v0.2").only(List.of("boolq")).tasks()))
                .hasEntrySatisfying("boolq", share -> assertThat(share).isBetween(0.3775, 0.3785));
    }

    private static Map<String, Double> accuraciesOfTheFirst(DataFolder data, int mostRows) {
        return accuraciesOfTheFirst(data, choiceTasks(data, mostRows));
    }

    private static Map<String, Double> accuraciesOfTheFirst(DataFolder data, List<ProfileTask> tasks) {
        Map<String, Double> accuracies = new HashMap<>();
        for (ProfileTask task : tasks) {
            List<RowScore> scores = score(task, data, new Guesser(null));
            assertThat(scores).allMatch(row -> Objects.equals(row.choice(), 0) && row.tied());
            double right = scores.stream().filter(RowScore::correct).count();
            long first = scores.stream().filter(row -> row.gold() == 0).count();
            assertThat(right).as(task.label()).isEqualTo(first);
            accuracies.put(task.label(), right / scores.size());
        }
        return accuracies;
    }

    @Test
    @Tag("slow")
    void everyTaskBehavesSo() {
        DataFolder data = DataFolder.of(GauntletData.folder());

        assertThat(accuraciesOfTheFirst(data, Integer.MAX_VALUE)).hasSizeGreaterThan(25);
        assertAtChance(data, choiceTasks(data, Integer.MAX_VALUE));
    }

    /** The share of one constant answer, as the data's readers have found it. */
    @Test
    void constantAnswersScoreAsPublished() {
        DataFolder data = DataFolder.of(GauntletData.folder());
        assertThat(goldShare("commonsense_qa", data, 2)).isBetween(0.4025, 0.4035);
        assertThat(goldShare("bigbench_strange_stories", data, 0)).isEqualTo(1);
    }

    private static double goldShare(String label, DataFolder data, int gold) {
        ProfileTask task =
                Profile.named("paper-v0.2").only(List.of(label)).tasks().get(0);
        List<RowScore> scores = score(task, data, new Guesser(null));
        return scores.stream().filter(row -> row.gold() == gold).count() / (double) scores.size();
    }

    @Test
    void randomLikelihoodsScoreAtChance() {
        DataFolder data = DataFolder.of(GauntletData.folder());
        assertAtChance(data, choiceTasks(data, FEW_ROWS));
    }

    private static void assertAtChance(DataFolder data, List<ProfileTask> tasks) {
        assertThat(tasks).isNotEmpty();
        for (ProfileTask task : tasks) {
            List<RowScore> scores =
                    score(task, data, new Guesser(new Random(task.label().hashCode())));
            // Choices that are equal are one: the first of them counts.
            double expected = 0;
            double variance = 0;
            double right = 0;
            for (RowScore row : scores) {
                double guess = 1.0 / row.options().size();
                assertThat(row.options()).hasSizeBetween(2, MOST_CHOICES);
                expected += guess;
                variance += guess * (1 - guess);
                right += row.correct() ? 1 : 0;
            }
            assertThat(Math.abs(right - expected) / Math.sqrt(variance))
                    .as("%s: %.0f right, expected %.1f", task.label(), right, expected)
                    .isLessThan(4);
        }
    }
}

package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bandpass.schemas.RunState.FINISHED;
import static org.bandpass.schemas.RunState.STARTED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.languagemodel.ContinuationModel.ContinuationScore;
import org.bandpass.languagemodel.ContinuationModel.Question;
import org.bandpass.schemas.EvaluationAnswer;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.EvaluationRow;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gauntlet in the program that follows runs, on a real broker, with models made of arithmetic. */
class GauntletServiceTest {

    private static final String ROWS = "eval.rows.per.record=64";

    private static EmbeddedBroker broker;

    @TempDir
    private static Path brokerFolder;

    @TempDir
    private Path folder;

    private final FolderNames models = new FolderNames();
    private EvalCluster cluster;
    private Gauntlet gauntlet;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(
                brokerFolder,
                "localhost",
                0,
                Map.of(
                        "group.consumer.heartbeat.interval.ms", "100",
                        "group.consumer.min.heartbeat.interval.ms", "100"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void prepare() {
        cluster = new EvalCluster(broker);
        cluster.ingest(Texts.documents("prose", 10, 450));
        gauntlet = GauntletFiles.written(folder);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aRunThatFinishesIsScoredUnasked() throws Exception {
        try (Stop stop = Stop.byRequest()) {
            Evaluator evaluator = cluster.evaluator(models, gauntlet, ROWS);
            CompletableFuture<Void> following = CompletableFuture.runAsync(() -> evaluator.follow(stop, false));
            cluster.train("control", STARTED, null, null);
            cluster.train("control", FINISHED, model("a"), "a");

            EvalCluster.await(
                    "the last rows", () -> cluster.evaluations().containsKey("control/0/small/sky/0-shot/192-200"));
            cluster.requireNoLag();
            stop.request();
            following.get();
        }

        Map<String, EvaluationResult> results = cluster.evaluations();
        assertThat(results)
                .containsOnlyKeys(
                        "control/held-out/0-10",
                        "control/cloze/0-10",
                        "control/0/small/sums/1-shot/0-7",
                        "control/0/small/sky/0-shot/0-64",
                        "control/0/small/sky/0-shot/64-128",
                        "control/0/small/sky/0-shot/128-192",
                        "control/0/small/sky/0-shot/192-200");
        EvaluationResult sums = results.get("control/0/small/sums/1-shot/0-7");
        assertThat(sums.getProfile() + " " + sums.getProfileVersion()).isEqualTo("small 2");
        assertThat(sums.getCategory()).isEqualTo("numbers");
        assertThat(sums.getModelRevision()).isEqualTo("a");
        assertThat(sums.getTokenizerRevision()).isEqualTo("bytes");
        assertThat(sums.getDataState()).isEqualTo("altered");
        assertThat(sums.getDataHash())
                .isEqualTo(gauntlet.data()
                        .check(gauntlet.profile().tasks().get(0).file())
                        .sha256());
        assertThat(sums.getTaskRows()).isEqualTo(7);
        assertThat(sums.getChance()).isEqualTo(0.5);
        assertThat(sums.getLongestPrompt()).isEqualTo(64);
        assertThat(sums.getRows())
                .extracting(row -> row.getId() + " " + row.getGroup() + " "
                        + row.getAnswer().getGold())
                .containsExactly("0 even 0", "2 even 0", "4 even 0", "6 even 0", "1 odd 1", "3 odd 1", "5 odd 1");
        assertThat(sums.getRows()).allSatisfy(row -> {
            EvaluationAnswer answer = row.getAnswer();
            assertThat(answer.getOptions()).isEqualTo(2);
            assertThat(row.getCorrect()).isEqualTo(answer.getChoice().equals(answer.getGold()) ? 1.0 : 0.0);
        });
        assertThat(cluster.gauntletRows())
                .hasSize(207)
                .allSatisfy((row, times) -> assertThat(times).isEqualTo(1));
        assertThat(cluster.summary().run("control").tasks()).containsOnlyKeys("held-out", "cloze");
    }

    @Test
    void aRestartScoresOnlyWhatIsMissing() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        DyingAfter dying = new DyingAfter(2);
        assertThatThrownBy(() -> catchUp(cluster.evaluator(dying, gauntlet, ROWS)))
                .hasMessageContaining("died");
        assertThat(cluster.gauntletRows()).hasSize(135);
        assertThat(cluster.lag()).isPositive();

        catchUp(cluster.evaluator(models, gauntlet, ROWS));

        assertThat(cluster.gauntletRows())
                .hasSize(207)
                .allSatisfy((row, times) -> assertThat(times).isEqualTo(1));
        cluster.requireNoLag();
    }

    @Test
    void aKnownRunIsNotOpenedAgain() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        catchUp(cluster.evaluator(models, gauntlet));
        int opened = models.opened().size();
        int written = cluster.written().size();
        cluster.forgetPositions();

        catchUp(cluster.evaluator(models, gauntlet));

        assertThat(models.opened()).hasSize(opened);
        assertThat(cluster.written()).hasSize(written);
        cluster.requireNoLag();
    }

    @Test
    void anotherDataFileReplacesTheRowsOfTheFirst() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        catchUp(cluster.evaluator(models, gauntlet));
        GauntletFiles.writeSums(folder, "zero");

        once(cluster.evaluator(models, GauntletFiles.open(folder, null), "eval.rows.per.record=2"));

        assertThat(cluster.evaluations().keySet())
                .filteredOn(key -> key.contains("/sums/"))
                .containsExactlyInAnyOrder(
                        "control/0/small/sums/1-shot/0-2",
                        "control/0/small/sums/1-shot/2-4",
                        "control/0/small/sums/1-shot/4-6",
                        "control/0/small/sums/1-shot/6-7");
        assertThat(cluster.evaluations().get("control/0/small/sums/1-shot/0-2").getRows())
                .extracting(EvaluationRow::getGroup)
                .containsOnly("odd");
        assertThat(cluster.evaluations()).containsKey("control/0/small/sky/0-shot/128-200");
    }

    @Test
    void aLimitedEvaluationHasItsOwnKeys() throws Exception {
        cluster.train("control", FINISHED, model("a"), "a");
        catchUp(cluster.evaluator(models, gauntlet));

        once(cluster.evaluator(models, GauntletFiles.open(folder, 3)));

        assertThat(cluster.evaluations())
                .containsKeys(
                        "control/0/small/sums/1-shot/0-7",
                        "control/0/small/sums/1-shot/limit-3/0-3",
                        "control/0/small/sky/0-shot/limit-3/0-3");
    }

    @Test
    void checkpointsAreScoredOnRequest() throws Exception {
        String model = model("model");
        Files.createDirectories(folder.resolve("checkpoints/step-000007"));
        Files.createDirectories(folder.resolve("checkpoints/step-000011"));
        Files.createDirectories(folder.resolve("checkpoints/step-000011.unfinished"));
        cluster.train("control", FINISHED, model, "model");

        try (Stop stop = Stop.byRequest()) {
            Evaluator evaluator = cluster.evaluator(models, gauntlet);
            evaluator.checkpoints("control", List.of(7L), null, stop);
            assertThat(cluster.evaluations())
                    .containsOnlyKeys(
                            "control/7/small/sums/1-shot/0-7",
                            "control/7/small/sky/0-shot/0-128",
                            "control/7/small/sky/0-shot/128-200");

            evaluator.checkpoints("control", List.of(), null, stop);
            assertThat(cluster.evaluations())
                    .hasSize(9)
                    .containsKeys("control/11/small/sky/0-shot/128-200", "control/0/small/sky/0-shot/128-200");
            assertThat(cluster.evaluations()
                            .get("control/11/small/sky/0-shot/128-200")
                            .getModelRevision())
                    .isEqualTo("step-000011");
            assertThat(cluster.gauntletRows())
                    .allSatisfy((row, times) -> assertThat(times).isEqualTo(1));
            assertThatThrownBy(() -> evaluator.checkpoints("control", List.of(8L), null, stop))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("no checkpoint of step 8")
                    .hasMessageContaining("there are those of [7, 11]");
        }
    }

    private void catchUp(Evaluator evaluator) {
        try (Stop stop = Stop.byRequest()) {
            evaluator.follow(stop, true);
        }
    }

    private void once(Evaluator evaluator) {
        try (Stop stop = Stop.byRequest()) {
            evaluator.once("control", null, stop);
        }
    }

    private String model(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name)).toString();
    }

    /** Models that fail after some chunks of rows. */
    private static final class DyingAfter extends FolderNames {

        private final int chunks;

        DyingAfter(int chunks) {
            this.chunks = chunks;
        }

        @Override
        ByteModel make(String revision) {
            return new ByteModel(revision) {

                private int asked;

                @Override
                public List<List<ContinuationScore>> score(List<Question> questions, int batchTokens) {
                    if (asked++ == chunks) {
                        throw new IllegalStateException("died");
                    }
                    return super.score(questions, batchTokens);
                }
            };
        }
    }
}

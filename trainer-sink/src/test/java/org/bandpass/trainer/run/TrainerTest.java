package org.bandpass.trainer.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.ModelFolder;
import org.bandpass.languagemodel.TrainingSession;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.OffsetRange;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.bandpass.trainer.data.DataBlock;
import org.bandpass.trainer.data.SeededOrder;
import org.bandpass.trainer.data.Shuffle;
import org.bandpass.trainer.data.ShuffleWindow;
import org.bandpass.trainer.data.Texts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program on a real broker with a real, tiny model. */
@Timeout(1_200)
class TrainerTest extends OnOneBroker {

    /** 60 steps of one row: FEW_STEPS halves the rows to one. */
    private static final long TOKENS = 60 * TinyRuns.SEQUENCE_TOKENS;

    @TempDir
    private Path folder;

    private Stop stop;

    @BeforeEach
    void open() {
        stop = Stop.byRequest();
    }

    @AfterEach
    void close() {
        stop.close();
    }

    @Test
    void trainsOnTheReferenceSplitAndNothingElse() throws Exception {
        List<Document> reference = Texts.documents(SplitPart.REFERENCE, 40, 20);
        List<Document> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(Texts.documents(SplitPart.HELD_OUT, 40, 20).get(i));
            all.add(reference.get(i));
            all.add(Texts.documents(SplitPart.FINAL, 40, 20).get(i));
            all.add(Texts.documents(SplitPart.FINAL, 40, 11).get(i));
        }
        topics.ingest(all, 9);
        TinyRuns runs = runs("trainer.shuffle.block.records=4", "trainer.shuffle.buffer.records=12");
        RunRequest request = runs.request("reference", TinyRuns.reference(), 3_000);

        runs.train(request);

        TrainingRun run = topics.last("reference");
        assertThat(run.getRole()).isEqualTo(RunRole.REFERENCE);
        assertThat(run.getSnapshot().stream().mapToLong(OffsetRange::getRecords).sum())
                .isEqualTo(40);
        // The same training again, from the documents in memory: every weight must be equal.
        Path expected = Files.createDirectory(folder.resolve("expected"));
        retrain(runs, request, reference(reference, all), expected);
        assertThat(request.out().resolve("model/model.safetensors"))
                .hasSameBinaryContentAs(expected.resolve("model.safetensors"));
        assertThat(run.getModelRevision()).isEqualTo(ModelFolder.revision(expected));
    }

    /** Returns the reference documents of each partition in order: partition by place in the topic. */
    private static List<List<Document>> reference(List<Document> reference, List<Document> all) {
        List<List<Document>> partitions = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < all.size(); i++) {
            // ingest sends document i to partition i modulo 3.
            if (reference.contains(all.get(i))) {
                partitions.get(i % TrainerTopics.PARTITIONS).add(all.get(i));
            }
        }
        return partitions;
    }

    private static void retrain(TinyRuns runs, RunRequest request, List<List<Document>> partitions, Path to) {
        List<DataBlock> blocks = new ArrayList<>();
        for (int p = 0; p < partitions.size(); p++) {
            for (int first = 0; first < partitions.get(p).size(); first += 4) {
                int records = Math.min(4, partitions.get(p).size() - first);
                blocks.add(new DataBlock(p, first, records, 1));
            }
        }
        SeededOrder order = new SeededOrder(blocks, request.seed(), new Shuffle(4, 12, 1 << 20));
        List<Integer> ids = new ArrayList<>();
        StepBudget budget = StepBudget.of(3_000, TinyRuns.ROWS, TinyRuns.SEQUENCE_TOKENS);
        try (TextTokenizer tokenizer = TextTokenizer.load(request.tokenizerFolder());
                TrainingSession session = TrainingSession.start(
                        runs.model().config(),
                        TinyRuns.recipe(budget.steps(), budget.rowsPerStep()),
                        request.seed(),
                        "cpu")) {
            for (long epoch = 0; ids.size() <= budget.tokens(); epoch++) {
                for (ShuffleWindow window : order.windows(epoch)) {
                    List<Document> slots = new ArrayList<>();
                    window.blocks()
                            .forEach(b ->
                                    slots.addAll(partitions.get(b.partition()).subList(b.first(), b.end())));
                    for (int slot : window.order()) {
                        ids.add(tokenizer.endOfText());
                        for (int id : tokenizer.encode(slots.get(slot).getText())) {
                            ids.add(id);
                        }
                    }
                }
            }
            assertThat(budget.rowsPerStep()).isEqualTo(1);
            for (int s = 0; s < budget.steps(); s++) {
                int[] row = new int[33];
                for (int i = 0; i < row.length; i++) {
                    row[i] = ids.get(s * 32 + i);
                }
                session.step(new int[][] {row});
            }
            session.writeModel(to);
        }
    }

    @Test
    void givesControlAndBandEqualTokensAndReportsThem() throws Exception {
        List<Document> documents = Texts.documents(SplitPart.FINAL, 90, 20);
        topics.score(documents);
        topics.route("run", "low", documents.subList(0, 30));
        topics.plan("run", "low", "high");
        TinyRuns runs = runs("trainer.progress.interval.ms=50");

        runs.train(runs.request("control", TinyRuns.control(), 12_800));
        String output = runs.train(runs.request("low", TinyRuns.band("run", "low"), 12_800));

        TrainingRun control = topics.last("control");
        TrainingRun low = topics.last("low");
        assertThat(List.of(low.getTokens(), low.getSteps(), low.getStep(), low.getTokenBudget()))
                .isEqualTo(List.of(control.getTokens(), control.getSteps(), control.getStep(), 12_800L));
        assertThat(low.getEpochs()).isGreaterThan(2 * control.getEpochs());
        assertThat(low.getTopic()).isEqualTo(topics.topics().band("run", "low").name());
        assertThat(List.of(low.getPlan(), low.getBand(), low.getRole())).isEqualTo(List.of("run", "low", RunRole.BAND));
        List<TrainingRun> history = topics.history("low");
        assertThat(history.get(0).getState()).isEqualTo(RunState.STARTED);
        assertThat(history.subList(1, history.size() - 1))
                .isNotEmpty()
                .allMatch(run -> run.getState() == RunState.PROGRESS || run.getStep() == 0)
                .anyMatch(run -> run.getStep() > 0);
        assertThat(low.getState()).isEqualTo(RunState.FINISHED);
        assertThat(low.getEndedBy()).isEqualTo("tokens");
        assertThat(low.getLosses()).hasSize(100);
        assertThat(low.getLosses().get(99)).isLessThan(low.getLosses().get(0) - 1);
        assertThat(low.getSeconds()).isPositive();
        JsonNode manifest = new ObjectMapper().readTree(low.getManifest());
        assertThat(manifest.path("cutsVersion").asInt()).isEqualTo(3);
        assertThat(manifest.path("recipe").path("steps").asLong()).isEqualTo(200);
        assertThat(manifest.path("settings")
                        .path("trainer.shuffle.block.records")
                        .asText())
                .isEqualTo("64");
        assertSummary(output, low, documents.get(5).getText());
    }

    private static void assertSummary(String output, TrainingRun low, String trained) throws IOException {
        JsonNode json = new ObjectMapper().readTree(output);
        assertThat(json.path("run").asText()).isEqualTo("low");
        assertThat(json.path("role").asText()).isEqualTo("band");
        assertThat(json.path("tokens").asLong()).isEqualTo(12_800);
        assertThat(json.path("steps").asLong()).isEqualTo(200);
        assertThat(json.path("loss").asDouble()).isPositive();
        assertThat(json.path("modelRevision").asText()).isEqualTo(low.getModelRevision());
        assertThat(json.path("model").asText()).isEqualTo(low.getModel());
        assertThat(Path.of(low.getModel())).isAbsolute();
        try (LanguageModel model = LanguageModel.load(Path.of(low.getModel()), "cpu", "fp32");
                TextTokenizer tokenizer = TextTokenizer.load(Path.of(low.getModel()))) {
            assertThat(model.revision()).isEqualTo(low.getModelRevision());
            int[] ids = tokenizer.encode(trained);
            int[] row = new int[33];
            row[0] = tokenizer.endOfText();
            System.arraycopy(ids, 0, row, 1, 32);
            // Uniform over 300 ids would be 5.7 nats; the model has read this text about thirty times.
            assertThat(model.rowNats(new int[][] {row})[0] / 32).isLessThan(2);
        }
    }

    @Test
    void commitsWhatTheSnapshotStillHolds() {
        topics.score(Texts.documents(SplitPart.FINAL, 600, 20));
        String topic = topics.topics().scoredDocuments().name();
        TinyRuns runs = runs();
        // 399 steps of one row are less than one pass: the run is stopped in its middle.
        RunRequest request = TinyRuns.with(
                runs.request("control", TinyRuns.control(), 399 * TinyRuns.SEQUENCE_TOKENS),
                7,
                folder.resolve("control"),
                false,
                30);

        assertThatThrownBy(() -> trainTo(30, runs, request))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("--resume continues");

        TrainingRun stopped = topics.last("control");
        long left = Math.round(600 - 600 * stopped.getEpochs());
        assertThat(stopped.getState()).isEqualTo(RunState.STOPPED);
        assertThat(left).isBetween(1L, 599L);
        assertThat(topics.lag("control", topic)).isEqualTo(left);
        topics.score(Texts.documents(SplitPart.FINAL, 8, 99));

        resume(runs, request);

        assertThat(topics.lag("control", topic)).isEqualTo(8);
        assertThat(topics.last("control").getSnapshot().stream()
                        .mapToLong(OffsetRange::getRecords)
                        .sum())
                .isEqualTo(600);
    }

    /** Trains, and asks for a stop once there is a checkpoint of this step or a later one. */
    private void trainTo(int step, TinyRuns runs, RunRequest request) {
        trainTo(step, runs, runs.model(), request);
    }

    private void trainTo(int step, TinyRuns runs, TrainedModel model, RunRequest request) {
        Thread stopper = new Thread(() -> {
            try {
                while (!KilledTrainerTest.atLeast(request.out(), step)) {
                    Thread.sleep(1);
                }
                stop.request();
            } catch (InterruptedException e) {
                // The training has already ended.
            }
        });
        stopper.start();
        try {
            runs.train(request, model);
        } finally {
            stopper.interrupt();
        }
    }

    private String resume(TinyRuns runs, RunRequest request) {
        return resume(runs.model(), request);
    }

    private String resume(TrainedModel model, RunRequest request) {
        try (Stop fresh = Stop.byRequest()) {
            return new TinyRuns(folder, topics.settings("trainer.progress.interval.ms=0"), fresh)
                    .train(TinyRuns.resumed(request), model);
        }
    }

    @Test
    void resumesAfterAStopWithTheSameModel() {
        topics.score(Texts.documents(SplitPart.FINAL, 40, 20));
        TinyRuns runs = runs();
        RunRequest whole = runs.request("whole", TinyRuns.control(), 12_800);
        runs.train(whole);
        RunRequest halved =
                TinyRuns.with(runs.request("halved", TinyRuns.control(), 12_800), 7, folder.resolve("h"), false, 50);
        assertThatThrownBy(() -> trainTo(50, runs, halved)).hasMessageContaining("stopped at step");

        String output = resume(runs, halved);

        assertSameModel(whole, halved);
        assertThat(topics.last("halved").getLosses())
                .isEqualTo(topics.last("whole").getLosses());
        // Another start has nothing to do, and prints the same.
        int records = topics.history("halved").size();
        assertThat(resume(runs, halved)).isEqualTo(output);
        assertThat(topics.history("halved")).hasSize(records);
        assertThatThrownBy(() -> runs.train(halved))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("--resume");
    }

    static void assertSameModel(RunRequest one, RunRequest other) {
        for (String file : TinyRuns.modelFiles()) {
            assertThat(other.out().resolve("model").resolve(file))
                    .hasSameBinaryContentAs(one.out().resolve("model").resolve(file));
        }
    }

    @Test
    void refusesToResumeAsAnotherRun() {
        topics.score(Texts.documents(SplitPart.FINAL, 10, 20));
        topics.ingest(Texts.documents(SplitPart.REFERENCE, 10, 20));
        TinyRuns runs = runs();
        RunRequest begun = runs.request("control", TinyRuns.control(), TOKENS);
        runs.train(begun);

        assertRefused(runs, runs.request("control", TinyRuns.control(), 2 * TOKENS), "the budget was 1920 tokens");
        assertRefused(runs, TinyRuns.with(begun, 8, begun.out(), true, 0), "--seed was 7 and is 8");
        assertRefused(runs, runs.request("control", TinyRuns.reference(), TOKENS), "the data was all of topic");
        assertThatThrownBy(() -> runs("trainer.shuffle.block.records=9").train(TinyRuns.resumed(begun)))
                .hasMessageContaining("trainer.shuffle.block.records was 64 and is 9");
    }

    private static void assertRefused(TinyRuns runs, RunRequest request, String why) {
        assertThatThrownBy(() -> runs.train(TinyRuns.resumed(request)))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("begun with other settings")
                .hasMessageContaining(why);
    }

    @Test
    void refusesFoldersThatHoldSomethingElse() throws Exception {
        topics.score(Texts.documents(SplitPart.FINAL, 10, 20));
        TinyRuns runs = runs();
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("notes.txt"), "mine");
        RunRequest request = TinyRuns.with(runs.request("control", TinyRuns.control(), TOKENS), 7, other, true, 0);

        assertThatThrownBy(() -> runs.train(request)).hasMessageContaining("notes.txt");
        Files.delete(other.resolve("notes.txt"));
        runs.train(request);

        assertThat(other.resolve("model/config.json")).exists();
    }

    @Test
    void reportsThatThereIsNothingToTrainOn() {
        TinyRuns runs = runs();

        assertThatThrownBy(() -> runs.train(runs.request("a", TinyRuns.control(), TOKENS)))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining(
                        "there is no topic " + topics.topics().scoredDocuments().name());
        assertThatThrownBy(() -> runs.train(runs.request("b", TinyRuns.band("run", "low"), TOKENS)))
                .hasMessageContaining(
                        "there is no topic " + topics.topics().plans().name());
        topics.plan("run", "low", "high");
        assertThatThrownBy(() -> runs.train(runs.request("c", TinyRuns.band("other", "low"), TOKENS)))
                .hasMessageContaining("there is no plan 'other'; there are run");
        assertThatThrownBy(() -> runs.train(runs.request("d", TinyRuns.band("run", "middle"), TOKENS)))
                .hasMessageContaining("no band 'middle'; it has low, high");
        assertThatThrownBy(() -> runs.train(runs.request("e", TinyRuns.band("run", "low"), TOKENS)))
                .hasMessageContaining("there is no topic")
                .hasMessageContaining("bandpass select --plan run");
        topics.route("run", "low", List.of());
        assertThatThrownBy(() -> runs.train(runs.request("f", TinyRuns.band("run", "low"), TOKENS)))
                .hasMessageContaining("the band holds no document");
    }

    @Test
    void refusesRecordsThatItMustNotTrainOn() {
        topics.score(Texts.documents(SplitPart.FINAL, 20, 20));
        topics.score(List.of(Texts.document("held out", SplitPart.HELD_OUT)));
        String topic = topics.topics().scoredDocuments().name();
        topics.write(new ProducerRecord<>(topic, 1, null, "no document".getBytes()));
        TinyRuns runs = runs();

        runs.train(runs.request("control", TinyRuns.control(), TOKENS));

        assertThat(topics.last("control").getSnapshot().stream()
                        .mapToLong(OffsetRange::getRecords)
                        .sum())
                .isEqualTo(20);
        List<DeadLetter> letters = topics.deadLetters();
        assertThat(letters)
                .extracting(DeadLetter::getReason)
                .containsExactlyInAnyOrder("wrong-split", "unreadable-record");
        assertThat(runs.counted("bandpass.trainer.dead.letters")).isEqualTo(2);
        assertThat(runs.counted("bandpass.trainer.tokens")).isEqualTo(TOKENS);
        assertThat(letters).allMatch(letter -> letter.getTopic().equals(topic));
        topics.score(List.of(Texts.document("split otherwise", SplitPart.FINAL, new Split(18, 0.05, 0.2))));
        assertThatThrownBy(() -> runs.train(runs.request("again", TinyRuns.control(), TOKENS)))
                .hasMessageContaining("different splits")
                .hasMessageContaining("seed 18");
    }

    /**
     * The input embedding of one token is made infinite: the first step whose rows contain it has no finite gradient, long
     * after the last checkpoint.
     */
    @Test
    void savesTheStateBeforeAStepThatHasDiverged() throws Exception {
        List<Document> documents = new ArrayList<>(Texts.documents(SplitPart.FINAL, 60, 20));
        documents.add(Texts.document("\u0001", SplitPart.FINAL));
        topics.score(documents);
        TinyRuns runs = runs();
        RunRequest request =
                TinyRuns.with(runs.request("control", TinyRuns.control(), 12_800), 7, folder.resolve("c"), false, 1);
        assertThatThrownBy(() -> trainTo(2, runs, runs.llama(), request)).hasMessageContaining("stopped");
        float sound = embed(onlyCheckpoint(request.out()), runs.idOf("\u0001"), Float.POSITIVE_INFINITY);
        RunRequest again = TinyRuns.with(request, 7, request.out(), true, 1_000);

        assertThatThrownBy(() -> resume(runs.llama(), again))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("has diverged")
                .hasMessageContaining("With --learning-rate below 0.005 --resume continues after step ");

        TrainingRun failed = topics.last("control");
        long before = failed.getStep();
        Path saved = onlyCheckpoint(request.out());
        assertThat(failed.getState()).isEqualTo(RunState.FAILED);
        assertThat(failed.getEndedBy()).isEqualTo("error");
        assertThat(failed.getError())
                .contains("in step " + (before + 1) + ", which was not taken")
                .contains(saved.toString());
        assertThat(before).isGreaterThan(2);
        assertThat(saved).hasFileName("step-%06d".formatted(before));
        assertThat(request.out().resolve("model")).doesNotExist();
        embed(saved, runs.idOf("\u0001"), sound);

        resume(runs.llama(), TinyRuns.at(again, 1e-3));

        TrainingRun finished = topics.last("control");
        assertThat(finished.getState()).isEqualTo(RunState.FINISHED);
        JsonNode manifest = new ObjectMapper().readTree(finished.getManifest());
        assertThat(manifest.path("recipe").path("learningRate").asDouble()).isEqualTo(5e-3);
        assertThat(manifest.path("learningRates").toString())
                .isEqualTo("[{\"afterStep\":" + before + ",\"learningRate\":0.001}]");
        assertThat(new ObjectMapper()
                        .readTree(onlyCheckpoint(request.out())
                                .resolve("training.json")
                                .toFile())
                        .path("recipe")
                        .path("learningRate")
                        .asDouble())
                .isEqualTo(1e-3);
    }

    /** Writes the first number of a token's input embedding; returns the one that was there. */
    private static float embed(Path checkpoint, int token, float value) throws IOException {
        try (FileChannel file = FileChannel.open(
                checkpoint.resolve("model.safetensors"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            file.read(length, 0);
            ByteBuffer header = ByteBuffer.allocate((int) length.getLong(0));
            file.read(header, 8);
            JsonNode embedding = new ObjectMapper().readTree(header.array()).path("model.embed_tokens.weight");
            long width = embedding.path("shape").path(1).asLong();
            long at = 8
                    + header.capacity()
                    + embedding.path("data_offsets").path(0).asLong()
                    + 4 * width * token;
            ByteBuffer number = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            file.read(number, at);
            float before = number.getFloat(0);
            file.write(number.putFloat(0, value).flip(), at);
            return before;
        }
    }

    @Test
    void continuesAfterSpaceHasBeenMade() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(mounted(disk), "mounting a small tmpfs is not allowed here");
        try {
            topics.score(Texts.documents(SplitPart.FINAL, 40, 20));
            TinyRuns runs = runs();
            RunRequest whole = runs.request("whole", TinyRuns.control(), TOKENS);
            runs.train(whole);
            RunRequest request =
                    TinyRuns.with(runs.request("full", TinyRuns.control(), TOKENS), 7, disk.resolve("r"), false, 5);
            assertThatThrownBy(() -> trainTo(5, runs, request)).hasMessageContaining("stopped");
            String kept = onlyCheckpoint(request.out()).getFileName().toString();
            Path filler = disk.resolve("filler");
            fill(filler);

            assertThatThrownBy(() -> resume(runs, request))
                    .isInstanceOf(ProgramFailure.class)
                    .hasMessageContaining("cannot write " + request.out().resolve("checkpoints"))
                    .hasMessageContaining(
                            "No space left on device; make space there; then --resume continues after step "
                                    + Integer.parseInt(kept.substring(5)));

            TrainingRun failed = topics.last("full");
            assertThat(failed.getState()).isEqualTo(RunState.FAILED);
            assertThat(failed.getError()).contains("No space left on device");
            assertThat(onlyCheckpoint(request.out())).hasFileName(kept);
            Files.delete(filler);
            resume(runs, request);
            assertSameModel(whole, request);
        } finally {
            new ProcessBuilder("umount", "--lazy", disk.toString()).start().waitFor();
        }
    }

    private static boolean mounted(Path folder) throws InterruptedException {
        try {
            return new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder.toString())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void fill(Path file) throws IOException {
        try (FileChannel filler = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) {
                filler.write(ByteBuffer.allocate(4096));
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    @Test
    void savesItsStateAgainWhereItsFolderWasRemoved() throws Exception {
        topics.score(Texts.documents(SplitPart.FINAL, 40, 20));
        TinyRuns runs = runs();
        RunRequest whole = runs.request("whole", TinyRuns.control(), TOKENS);
        runs.train(whole);
        RunRequest request =
                TinyRuns.with(runs.request("removed", TinyRuns.control(), TOKENS), 7, folder.resolve("r"), false, 1);
        Thread remover = new Thread(() -> {
            try {
                while (!KilledTrainerTest.atLeast(request.out(), 3)) {
                    // Often enough, and without taking a core from the training.
                    Thread.sleep(1);
                }
                Files.delete(request.out().resolve("run.json"));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        remover.start();

        assertThatThrownBy(() -> runs.train(request))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("was removed while its run was trained")
                .hasMessageContaining("--resume continues from it");

        remover.join();
        assertThat(topics.last("removed").getState()).isEqualTo(RunState.FAILED);
        resume(runs, request);
        assertSameModel(whole, request);
    }

    @Test
    void stopsAtARecordOfANewerVersionUnlessItMayBeADeadLetter() {
        topics.score(Texts.documents(SplitPart.FINAL, 20, 20));
        String topic = topics.topics().scoredDocuments().name();
        byte[] newer = {(byte) 0xC3, 1, 8, 7, 6, 5, 4, 3, 2, 1, 0};
        topics.write(new ProducerRecord<>(topic, 1, null, newer));
        long offset = topics.records(topic).stream()
                .filter(record -> record.value().length == newer.length)
                .findFirst()
                .orElseThrow()
                .offset();
        TinyRuns runs = runs();

        assertThatThrownBy(() -> runs.train(runs.request("control", TinyRuns.control(), TOKENS)))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining(topic + " partition 1 offset " + offset)
                .hasMessageContaining("fingerprint 102030405060708")
                .hasMessageContaining("dead.letter.positions=" + topic + "-1@" + offset);
        assertThat(topics.history("control")).isEmpty();
        assertThat(topics.deadLetters()).isEmpty();

        runs("dead.letter.positions=" + topic + "-1@" + offset)
                .train(runs.request("control", TinyRuns.control(), TOKENS));

        assertThat(topics.last("control").getState()).isEqualTo(RunState.FINISHED);
        assertThat(topics.deadLetters()).extracting(DeadLetter::getReason).containsExactly("unreadable-record");
    }

    /** Unreadable records of other runs are ignored; its own must be readable. */
    @Test
    void skipsUnreadableRecordsOfOtherRuns() {
        topics.score(Texts.documents(SplitPart.FINAL, 20, 20));
        TinyRuns runs = runs();
        RunRequest request = runs.request("control", TinyRuns.control(), TOKENS);
        runs.train(request);
        String topic = topics.topics().trainingRuns().name();
        topics.write(new ProducerRecord<>(topic, 0, "other".getBytes(UTF_8), "no run".getBytes(UTF_8)));

        resume(runs, request);

        topics.write(new ProducerRecord<>(topic, 0, "control".getBytes(UTF_8), "no run".getBytes(UTF_8)));
        assertThatThrownBy(() -> resume(runs, request))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining(topic + " partition 0 offset ")
                .hasMessageContaining("(key control) cannot be read");
    }

    private static Path onlyCheckpoint(Path run) throws IOException {
        try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
            List<Path> found = all.toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    @Test
    void endsWithTheDataAfterTheLastAllowedPass() {
        topics.score(Texts.documents(SplitPart.FINAL, 30, 20));
        TinyRuns runs = runs("trainer.passes.max=2");

        runs.train(runs.request("control", TinyRuns.control(), 12_800));

        TrainingRun run = topics.last("control");
        assertThat(run.getEndedBy()).isEqualTo("data");
        assertThat(run.getEpochs()).isBetween(1.8, 2.0);
        assertThat(run.getStep()).isLessThan(run.getSteps());
        assertThat(run.getTokens()).isEqualTo(run.getStep() * 64);
        assertThatThrownBy(() -> {
                    try (TrainerTopics few = new TrainerTopics(broker)) {
                        few.score(List.of(Texts.document("x", SplitPart.FINAL)));
                        new TinyRuns(folder.resolve("small"), few.settings("trainer.passes.max=1"), stop)
                                .train(runs.request("few", TinyRuns.control(), 12_800));
                    }
                })
                .hasMessageContaining("before the first step is full");
    }

    @Test
    void endsWithItsMinutes() {
        topics.score(Texts.documents(SplitPart.FINAL, 30, 20));
        TinyRuns runs = runs();
        RunRequest request = runs.request("control", TinyRuns.control(), TOKENS);

        runs.train(new RunRequest(
                request.run(),
                request.choice(),
                request.tokenizerFolder(),
                null,
                0.02,
                7,
                request.out(),
                false,
                false,
                request.device(),
                request.dtype(),
                0,
                null));

        TrainingRun run = topics.last("control");
        assertThat(run.getEndedBy()).isEqualTo("time");
        assertThat(run.getSeconds()).isPositive();
    }

    /** Two trainers of one run: the later one fences the earlier, which reports it and writes nothing more. */
    @Test
    void givesTheRunToTheLaterOfTwoTrainers() throws Exception {
        topics.score(Texts.documents(SplitPart.FINAL, 10, 20));
        TrainerSettings settings = topics.settings();
        TinyRuns runs = runs();
        runs.train(runs.request("control", TinyRuns.control(), TOKENS));
        TrainingRun run = topics.last("control");
        try (Consumer<byte[], byte[]> group = Clients.follower(
                        settings.reader(), settings.topics(), RunWriter.name(settings.topics(), "control"));
                RunWriter earlier = new RunWriter(settings, "control", group.groupMetadata());
                RunWriter later = new RunWriter(settings, "control", group.groupMetadata())) {
            earlier.write(run, Map.of(), Map.of());
            later.write(TrainingRun.newBuilder(run).setStep(1).build(), Map.of(), Map.of());
            int records = topics.history("control").size();

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> earlier.write(run, Map.of(), Map.of()))
                        .isInstanceOf(ProgramFailure.class)
                        .hasMessageContaining("another trainer has taken over run 'control'");
            }

            later.write(run, Map.of(), Map.of());
            assertThat(topics.history("control")).hasSize(records + 1);
        }
        Path out = folder.resolve("control");
        try (RunFolder held = RunFolder.open(out, true)) {
            assertThat(held.hasModel()).isTrue();
            assertThatThrownBy(() -> RunFolder.open(out, true))
                    .hasMessageContaining(
                            "is in use by process " + ProcessHandle.current().pid());
        }
    }

    private TinyRuns runs(String... assignments) {
        return new TinyRuns(folder, topics.settings(assignments), stop);
    }
}

package org.bandpass.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.bandpass.trainer.data.Texts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A trainer in another process is killed at the worst moments; after a resume its model is the same. */
class KilledTrainerTest {

    private static final long TOKENS = 12_800;
    private static final String[] SETTINGS = {
        "trainer.progress.interval.ms=100", "trainer.shuffle.block.records=4", "trainer.shuffle.buffer.records=20"
    };

    /** Folder of the run that is not killed. */
    @TempDir
    private static Path unharmed;

    private static EmbeddedBroker broker;
    private static RunRequest whole;
    private static TrainingRun finished;

    @TempDir
    private Path folder;

    @BeforeAll
    static void trainUnharmed() {
        broker = EmbeddedBroker.start();
        try (TrainerTopics topics = topics();
                Stop stop = Stop.byRequest()) {
            TinyRuns runs = new TinyRuns(unharmed, topics.settings(SETTINGS), stop);
            whole = runs.request("whole", TinyRuns.control(), TOKENS);
            runs.train(whole);
            finished = topics.last("whole");
            assertRefusesOne(topics);
        }
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static TrainerTopics topics() {
        TrainerTopics topics = new TrainerTopics(broker);
        topics.score(Texts.documents(SplitPart.FINAL, 60, 20));
        topics.score(List.of(Texts.document("held out", SplitPart.HELD_OUT)));
        return topics;
    }

    private static void assertRefusesOne(TrainerTopics topics) {
        assertThat(topics.deadLetters()).extracting(DeadLetter::getReason).containsExactly("wrong-split");
    }

    @Test
    @Tag("slow")
    @Timeout(6_000)
    void givesTheSameWeightsAndLossesHoweverOftenItIsKilled() throws Exception {
        List<Predicate<Path>> moments = List.of(
                run -> holds(run, "bandpass.lock"),
                run -> holds(run, "run.json.unfinished") || holds(run, "run.json"),
                run -> holds(run, "run.json"),
                run -> saves(run, 8),
                run -> atLeast(run, 16),
                run -> saves(run, 24),
                run -> atLeast(run, 48),
                run -> atLeast(run, 96),
                run -> atLeast(run, 160),
                run -> atLeast(run, 184),
                run -> atLeast(run, 200),
                run -> holds(run, "model.unfinished") || holds(run, "model"));
        try (TrainerTopics topics = topics();
                Stop stop = Stop.byRequest()) {
            TinyRuns runs = new TinyRuns(folder, topics.settings(SETTINGS), stop);
            for (Predicate<Path> moment : moments) {
                kill(topics, moment, true);
            }
            RunRequest killed = killed(runs);
            runs.train(killed);

            TrainerTest.assertSameModel(whole, killed);
            TrainingRun other = topics.last("killed");
            assertThat(other.getState()).isEqualTo(RunState.FINISHED);
            assertThat(other.getLosses()).isEqualTo(finished.getLosses());
            assertThat(other.getModelRevision()).isEqualTo(finished.getModelRevision());
            assertThat(topics.lag("killed", other.getTopic())).isZero();
            for (String file : List.of("optimizer.safetensors", "training.json")) {
                assertThat(killed.out().resolve("checkpoints/step-000200").resolve(file))
                        .hasSameBinaryContentAs(
                                whole.out().resolve("checkpoints/step-000200").resolve(file));
            }
            // One, even though the run was started several times.
            assertRefusesOne(topics);
        }
    }

    private static RunRequest killed(TinyRuns runs) {
        RunRequest request = runs.request("killed", TinyRuns.control(), TOKENS);
        return TinyRuns.with(request, request.seed(), request.out(), true, 8);
    }

    /** On a signal that can be caught the last step is kept, not only that of the last checkpoint. */
    @Test
    @Tag("slow")
    @Timeout(1_800)
    void keepsItsLastStepWhenItIsStopped() throws Exception {
        try (TrainerTopics topics = topics();
                Stop stop = Stop.byRequest()) {
            TinyRuns runs = new TinyRuns(folder, topics.settings(SETTINGS), stop);
            kill(topics, run -> atLeast(run, 16), false);

            String output = Files.readString(folder.resolve("child.log"));
            Matcher stopped = Pattern.compile("stopped at step (\\d+) of 200 of run 'killed'; --resume continues")
                    .matcher(output);
            assertThat(stopped.find()).as(output).isTrue();
            assertThat(topics.last("killed").getState()).isEqualTo(RunState.STOPPED);
            assertThat(atLeast(folder.resolve("killed"), Integer.parseInt(stopped.group(1))))
                    .isTrue();
            RunRequest killed = killed(runs);
            runs.train(killed);
            TrainerTest.assertSameModel(whole, killed);
        }
    }

    /** 48 MB of text are shuffled together, in a heap of 60 MB. */
    @Test
    @Tag("slow")
    @Timeout(1_800)
    void reportsAnExhaustedHeapAndContinuesWithALargerOne() throws Exception {
        try (TrainerTopics topics = new TrainerTopics(broker);
                Stop stop = Stop.byRequest()) {
            for (int i = 0; i < 24; i++) {
                topics.score(List.of(Texts.document(Texts.words(i, 400_000), SplitPart.FINAL)));
            }
            TinyRuns runs = new TinyRuns(folder, topics.settings(SETTINGS), stop);
            RunRequest killed = killed(runs);

            child(topics, "-Xmx60m").waitFor();

            TrainingRun failed = topics.last("killed");
            assertThat(failed.getState())
                    .as(Files.readString(folder.resolve("child.log")))
                    .isEqualTo(RunState.FAILED);
            assertThat(failed.getError()).contains("ran out of memory in step ").contains("BANDPASS_JAVA_OPTIONS");
            runs.train(killed);
            assertThat(topics.last("killed").getState()).isEqualTo(RunState.FINISHED);
        }
    }

    private void kill(TrainerTopics topics, Predicate<Path> moment, boolean forcibly) throws Exception {
        Path run = folder.resolve("killed");
        Process victim = child(topics, "-Xmx500m");
        while (victim.isAlive() && !moment.test(run)) {
            // Often enough to see a checkpoint that is being written, without taking a core.
            Thread.sleep(1);
        }
        if (forcibly) {
            // SIGKILL: no shutdown hook, no close, no abort.
            victim.destroyForcibly();
        } else {
            victim.destroy();
        }
        victim.waitFor();
        assertThat(moment.test(run) || Files.exists(run.resolve("run.json")))
                .as("the child has begun; see child.log: %s", Files.readString(folder.resolve("child.log")))
                .isTrue();
    }

    private static boolean holds(Path folder, String name) {
        return Files.exists(folder.resolve(name));
    }

    /** Returns whether there is a checkpoint of a step, or of one after it, which deletes those before. */
    static boolean atLeast(Path run, int step) {
        return hasCheckpoint(run, step, "");
    }

    /** Returns whether the checkpoint of a step, or of one after it, is being written. */
    private static boolean saves(Path run, int step) {
        return hasCheckpoint(run, step, ".unfinished");
    }

    private static boolean hasCheckpoint(Path run, int step, String suffix) {
        Pattern wanted = Pattern.compile("step-(\\d+)" + Pattern.quote(suffix));
        try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
            return all.map(path -> wanted.matcher(path.getFileName().toString()))
                    .anyMatch(found -> found.matches() && Integer.parseInt(found.group(1)) >= step);
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private Process child(TrainerTopics topics, String heap) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        "-Dai.djl.pytorch.num_threads=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledTrainerTest.class.getName(),
                        topics.bootstrapServers(),
                        topics.topics().prefix(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "child.log"))
                .start();
    }

    /** The child: trains until it is killed. */
    public static void main(String[] arguments) {
        TrainerSettings settings = TrainerTopics.settings(arguments[0], arguments[1], SETTINGS);
        try (Stop stop = Stop.onSignal(Duration.ofSeconds(60))) {
            TinyRuns runs = new TinyRuns(Path.of(arguments[2]), settings, stop);
            try {
                runs.train(killed(runs));
            } catch (ProgramFailure e) {
                System.out.println(e.getMessage());
            }
        }
    }
}

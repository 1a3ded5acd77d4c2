package org.bandpass.trainer.run;

import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.languagemodel.ModelFolder;
import org.bandpass.languagemodel.NonFiniteGradientException;
import org.bandpass.languagemodel.TrainingSession;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.bandpass.trainer.data.DataPosition;
import org.bandpass.trainer.data.DataSet;
import org.bandpass.trainer.data.DocumentStream;
import org.bandpass.trainer.data.ReadAhead;
import org.bandpass.trainer.data.ReadWindow;
import org.bandpass.trainer.data.RowStream;
import org.bandpass.trainer.data.SeededOrder;
import org.bandpass.trainer.data.StepRows;
import org.bandpass.trainer.run.RunProgress.EndedBy;
import org.jspecify.annotations.Nullable;

/**
 * Trains a prepared run: steps, checkpoints and progress until it ends or is stopped, then the model. A stop, missing data and
 * a step that cannot be taken leave a checkpoint of the last step; any other failure leaves the checkpoint before it.
 */
final class TrainRun {

    private static final int STEPS_AHEAD = 4;
    private static final double NANOS = 1e9;
    /** The paper found no harm in up to four passes over a pruned set. */
    private static final int PASSES = 4;

    private final Trainer trainer;
    private final TrainerSettings settings;
    private final PreparedRun run;
    private final StepBudget budget;
    private final TextTokenizer tokenizer;
    private final RunFolder folder;
    private final RunWriter writer;
    private RunProgress progress;
    private @Nullable Checkpoint checkpoint;
    private long savedAt = System.nanoTime();
    /** Documents of each partition that the first pass has read. */
    private int[] trained = {};

    TrainRun(Trainer trainer, PreparedRun run, TextTokenizer tokenizer, RunFolder folder, RunWriter writer) {
        this.trainer = trainer;
        this.settings = trainer.settings();
        this.run = run;
        this.budget = run.definition().budget();
        this.tokenizer = tokenizer;
        this.folder = folder;
        this.writer = writer;
        this.progress = run.progress().copy();
        this.checkpoint = run.last();
    }

    /** @throws ProgramFailure if the training fails, or is stopped before its end */
    void train(Consumer<byte[], byte[]> reader) {
        if (progress.endedBy() == null) {
            resume(reader);
        }
        if (progress.endedBy() == null) {
            throw new ProgramFailure("stopped at step " + progress.steps() + " of " + budget.steps() + " of run '"
                    + run.name() + "'; --resume continues");
        }
        finish();
    }

    /** Trains from the last checkpoint, or from the first step, until the run ends or is stopped. */
    private void resume(Consumer<byte[], byte[]> reader) {
        DataPosition from = progress.position();
        ReadWindow window = new ReadWindow(reader, run.documents(), settings.decoder(run.data(), tokenizer));
        SeededOrder order =
                new SeededOrder(run.documents().blocks(), run.request().seed(), settings.shuffle());
        DocumentStream documents = new DocumentStream(order, window, from.epoch(), from.document());
        trained = documents.trained();
        TrainingRun announced = announce();
        trainer.output().begin(run, progress.steps());
        try (RunPulse pulse = new RunPulse(writer, settings.pulse(), announced, positions());
                TrainingSession session = session();
                ReadAhead ahead = new ReadAhead(
                        new RowStream(documents, tokenizer, budget.sequenceTokens(), settings.maxPasses(), from),
                        budget.rowsPerStep(),
                        STEPS_AHEAD)) {
            train(session, ahead, pulse);
            if (progress.endedBy() != null) {
                if (progress.steps() == 0) {
                    throw new ProgramFailure("the data end before the first step is full: " + settings.maxPasses()
                            + " passes over " + run.data().words() + " hold fewer than " + budget.tokensPerStep()
                            + " tokens");
                }
                folder.writeModel(session, run.request().tokenizerFolder());
            }
        } catch (RuntimeException | Error e) {
            throw failed(e);
        }
        if (progress.endedBy() == null) {
            reportStop();
        }
    }

    private TrainingRun announce() {
        TrainingRun announced =
                record(run.fresh() ? RunState.STARTED : RunState.PROGRESS).build();
        writer.insist(announced, positions(), run.letters());
        trainer.output().refused(run.name(), run.letters().size());
        trainer.meters().refused(run.letters().values());
        return announced;
    }

    private TrainingRun.Builder record(RunState state) {
        return run.record(state, progress, checkpoint);
    }

    /** Returns the positions of the run's group after the last step. */
    private Map<TopicPartition, Long> positions() {
        return run.documents().positions(trained);
    }

    private TrainingSession session() {
        String device = run.request().device();
        return checkpoint == null
                ? TrainingSession.start(
                        run.model().config(), run.recipe(), run.request().seed(), device)
                : TrainingSession.resume(
                        checkpoint.folder(), device, run.recipe().learningRate());
    }

    private void train(TrainingSession session, ReadAhead rows, RunPulse pulse) {
        long before = run.tokens(progress);
        try (Progress bar = Progress.start("training " + run.name(), "tokens", budget.tokens() - before)) {
            long began = System.nanoTime();
            double secondsBefore = progress.seconds();
            while (progress.endedBy() == null && !trainer.stop().requested()) {
                StepRows step = next(session, rows);
                if (step == null && trainer.stop().requested()) {
                    break;
                }
                step(session, step, secondsBefore + (System.nanoTime() - began) / NANOS);
                bar.note(String.format(
                        Locale.ROOT, "loss %.3f", progress.losses().last()));
                bar.at(run.tokens(progress) - before);
                if (progress.endedBy() == null) {
                    saveWhenDue(session);
                    if (pulse.due()) {
                        pulse.publish(record(RunState.PROGRESS).build(), positions());
                    }
                }
            }
            save(session);
        }
    }

    private @Nullable StepRows next(TrainingSession session, ReadAhead rows) {
        long began = System.nanoTime();
        try {
            StepRows step =
                    rows.next(trainer.stop()::requested, settings.settings().outagePatience());
            trainer.meters().waited(System.nanoTime() - began);
            return step;
        } catch (RuntimeException | Error e) {
            rescue(session, e);
            throw e;
        }
    }

    /** Saves the last step after a failure that did not change weights or moments. */
    private void rescue(TrainingSession session, Throwable failure) {
        try {
            save(session);
        } catch (RuntimeException unsaved) {
            failure.addSuppressed(unsaved);
        }
    }

    private void step(TrainingSession session, @Nullable StepRows step, double seconds) {
        if (step == null) {
            progress = new RunProgress(progress.position(), progress.losses(), seconds, EndedBy.DATA);
            return;
        }
        long began = System.nanoTime();
        double loss = step(session, step);
        long nanos = System.nanoTime() - began;
        if (progress.position().epoch() < PASSES && step.after().epoch() >= PASSES) {
            TrainOutput.tooManyPasses(run.name(), PASSES);
        }
        LossCurve losses = progress.losses();
        losses.add(loss);
        trained = step.trained();
        double now = seconds + nanos / NANOS;
        progress = new RunProgress(step.after(), losses, now, endedBy(losses.steps(), now));
        trainer.meters().stepped(budget.tokensPerStep(), loss, nanos, run.epochs(progress));
    }

    private double step(TrainingSession session, StepRows step) {
        try {
            return session.step(step.rows());
        } catch (NonFiniteGradientException e) {
            rescue(session, e);
            throw e;
        }
    }

    private @Nullable EndedBy endedBy(long steps, double seconds) {
        Double minutes = run.request().minutes();
        if (minutes != null && seconds >= minutes * 60) {
            return EndedBy.TIME;
        }
        if (steps < budget.steps()) {
            return null;
        }
        // The steps of a run by time were computed from its time.
        return minutes == null ? EndedBy.TOKENS : EndedBy.TIME;
    }

    private void saveWhenDue(TrainingSession session) {
        long every = run.request().checkpointEvery();
        boolean due = every > 0
                ? progress.steps() % every == 0
                : System.nanoTime() - savedAt >= settings.checkpointInterval().toNanos();
        if (due) {
            save(session);
        }
    }

    private void save(TrainingSession session) {
        if (progress.steps() == (checkpoint == null ? 0 : checkpoint.progress().steps())) {
            return;
        }
        long began = System.nanoTime();
        checkpoint = folder.save(
                session, progress.copy(), run.definition(), run.request().tokenizerFolder());
        folder.deleteOldCheckpoints(settings.checkpointsKept());
        savedAt = System.nanoTime();
        trainer.meters().saved(savedAt - began);
    }

    private RuntimeException failed(Throwable thrown) {
        RunFailure words = new RunFailure(run.name(), progress.steps() + 1, checkpoint);
        RuntimeException failure = words.of(thrown, run.recipe().learningRate());
        try {
            writer.write(
                    record(RunState.FAILED)
                            .setEndedBy("error")
                            .setError(String.valueOf(failure.getMessage()))
                            .build(),
                    positions(),
                    Map.of());
        } catch (KafkaException | ProgramFailure unwritten) {
            failure.addSuppressed(unwritten);
        }
        return failure;
    }

    /** Tries once: a process that is asked to stop has little time. */
    private void reportStop() {
        try {
            writer.write(record(RunState.STOPPED).build(), positions(), Map.of());
        } catch (KafkaException e) {
            System.err.println(
                    "run " + run.name() + ": its stop could not be recorded (" + ClientFailure.words(e) + ")");
        }
    }

    private void finish() {
        if (!folder.hasModel()) {
            try (TrainingSession session = session()) {
                folder.writeModel(session, run.request().tokenizerFolder());
            }
        }
        TrainingRun finished = record(RunState.FINISHED)
                .setModel(folder.model().toString())
                .setModelRevision(ModelFolder.revision(folder.model()))
                .build();
        TrainingRun reported = run.reported();
        if (reported != null
                && reported.getState() == RunState.FINISHED
                && finished.getModelRevision().equals(reported.getModelRevision())) {
            trainer.output().finishedBefore(run.name());
        } else {
            String topic = run.data().topic().name();
            writer.insist(
                    finished, DataSet.snapshot(topic, finished.getSnapshot()).to(), Map.of());
        }
        trainer.output().finish(finished, progress.losses().last());
    }
}

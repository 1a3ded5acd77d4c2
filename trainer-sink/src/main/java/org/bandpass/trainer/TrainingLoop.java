package org.bandpass.trainer;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.languagemodel.TrainingSession;
import org.bandpass.schemas.RunState;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Steps, checkpoints and records of progress, until the run has ended or is stopped; both leave a checkpoint of the last
 * step. A step that fails leaves the checkpoint before it.
 */
final class TrainingLoop {

    private static final double NANOS = 1e9;
    private static final double SECONDS_PER_MINUTE = 60;
    /** The paper found no harm in up to four passes over a pruned set. */
    private static final int PASSES = 4;
    /** After a record that could not be written, the training goes on undisturbed for so long. */
    private static final long SILENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private final RunDescription run;
    private final DataSet data;
    private final TrainerSettings settings;
    private final RunFolder folder;
    private final RunWriter writer;
    private final TrainerMeters meters;
    private RunProgress progress;
    private int[] trained;
    private @Nullable Checkpoint checkpoint;
    private long savedAt = System.nanoTime();
    private long writtenAt = System.nanoTime();

    /**
     * Begins with a run's first step, or behind a checkpoint.
     *
     * @param checkpoint the last one, or null
     * @param trained documents of each partition that are behind it in the first pass
     */
    TrainingLoop(
            RunDescription run,
            DataSet data,
            TrainerSettings settings,
            RunFolder folder,
            RunWriter writer,
            TrainerMeters meters,
            @Nullable Checkpoint checkpoint,
            int[] trained) {
        this.run = run;
        this.data = data;
        this.settings = settings;
        this.folder = folder;
        this.writer = writer;
        this.meters = meters;
        this.checkpoint = checkpoint;
        this.progress =
                checkpoint == null ? RunProgress.none() : checkpoint.progress().copy();
        this.trained = trained;
    }

    /** Returns how far the run is. */
    RunProgress progress() {
        return progress;
    }

    /** Returns the folder of the last checkpoint, or null. */
    @Nullable
    String checkpointFolder() {
        return checkpoint == null ? null : checkpoint.folder().toString();
    }

    /** Returns what the group's position is after the last step. */
    Map<TopicPartition, Long> positions() {
        return data.positions(trained);
    }

    /**
     * Trains.
     *
     * @param session stands behind the checkpoint
     * @return how far the run is; not ended where it was stopped
     * @throws ArithmeticException if the loss is no finite number
     */
    RunProgress train(TrainingSession session, ReadAhead rows, Stop stop) {
        StepBudget budget = run.definition().budget();
        long before = run.tokens(progress);
        try (Progress bar = Progress.start("training " + run.request().run(), "tokens", budget.tokens() - before)) {
            long began = System.nanoTime();
            double secondsBefore = progress.seconds();
            while (progress.endedBy() == null && !stop.requested()) {
                StepRows step = next(rows, stop);
                if (step == null && stop.requested()) {
                    break;
                }
                step(session, step, secondsBefore + (System.nanoTime() - began) / NANOS);
                bar.note(String.format(
                        Locale.ROOT, "loss %.3f", progress.losses().last()));
                bar.at(run.tokens(progress) - before);
                if (progress.endedBy() == null) {
                    saveWhenDue(session);
                    writeWhenDue();
                }
            }
            save(session);
        }
        if (progress.endedBy() == null) {
            write();
        }
        return progress;
    }

    private @Nullable StepRows next(ReadAhead rows, Stop stop) {
        long began = System.nanoTime();
        StepRows step = rows.next(stop::requested);
        meters.waited(System.nanoTime() - began);
        return step;
    }

    private void step(TrainingSession session, @Nullable StepRows step, double seconds) {
        if (step == null) {
            progress = new RunProgress(progress.position(), progress.losses(), seconds, EndedBy.DATA);
            return;
        }
        long began = System.nanoTime();
        double loss = session.step(step.rows());
        long nanos = System.nanoTime() - began;
        if (!Double.isFinite(loss)) {
            throw new ArithmeticException("the loss is " + loss + " in step " + (progress.steps() + 1));
        }
        warnOfPasses(progress.position().epoch(), step.after().epoch());
        LossCurve losses = progress.losses();
        losses.add(loss);
        trained = step.trained();
        double now = seconds + nanos / NANOS;
        progress = new RunProgress(step.after(), losses, now, endedBy(losses.steps(), now));
        meters.stepped(run.definition().budget().tokensPerStep(), loss, nanos, run.epochs(progress));
    }

    private void warnOfPasses(long before, long now) {
        if (before < PASSES && now >= PASSES) {
            TrainOutput.tooManyPasses(run.request().run(), PASSES);
        }
    }

    private @Nullable EndedBy endedBy(long steps, double seconds) {
        Double minutes = run.request().amount().minutes();
        if (minutes != null && seconds >= minutes * SECONDS_PER_MINUTE) {
            return EndedBy.TIME;
        }
        if (steps < run.definition().budget().steps()) {
            return null;
        }
        // The steps of a run by time are those that its time was expected to hold.
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
        Checkpoint last = checkpoint;
        if (progress.steps() == (last == null ? 0 : last.progress().steps())) {
            return;
        }
        long began = System.nanoTime();
        checkpoint = folder.save(
                session, progress.copy(), run.definition(), run.request().tokenizerFolder());
        savedAt = System.nanoTime();
        meters.saved(savedAt - began);
    }

    private void writeWhenDue() {
        long now = System.nanoTime();
        if (now - writtenAt >= settings.progressInterval().toNanos()) {
            writtenAt = now;
            write();
        }
    }

    private void write() {
        try {
            writer.write(
                    run.record(RunState.PROGRESS, progress)
                            .setCheckpoint(checkpointFolder())
                            .build(),
                    positions(),
                    Map.of());
        } catch (KafkaException e) {
            System.err.println("run " + run.request().run() + ": its progress could not be written (" + e.getMessage()
                    + "); the training goes on");
            writtenAt = System.nanoTime() + SILENCE_NANOS;
        }
    }
}

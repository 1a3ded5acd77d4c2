package org.bandpass.trainer.run;

import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.languagemodel.NonFiniteGradientException;
import org.bandpass.languagemodel.TrainingSession;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;
import org.bandpass.trainer.data.DataSet;
import org.bandpass.trainer.data.ReadAhead;
import org.bandpass.trainer.data.StepRows;
import org.jspecify.annotations.Nullable;

/**
 * Steps, checkpoints and progress, until the run has ended or is stopped; both leave a checkpoint of the last step. So
 * do a step that cannot be taken and missing data; any other failure leaves the checkpoint before it.
 */
final class TrainingLoop {

    private static final double NANOS = 1e9;
    private static final double SECONDS_PER_MINUTE = 60;
    /** The paper found no harm in up to four passes over a pruned set. */
    private static final int PASSES = 4;

    private final Trainer trainer;
    private final PreparedRun run;
    private final DataSet data;
    private final RunFolder folder;
    private final TrainerMeters meters;
    private RunProgress progress;
    private int[] trained;
    private @Nullable Checkpoint checkpoint;
    private long savedAt = System.nanoTime();

    /**
     * Begins with a run's first step, or after its last checkpoint.
     *
     * @param trained documents of each partition that the first pass has read before it
     */
    TrainingLoop(Trainer trainer, PreparedRun run, DataSet data, RunFolder folder, int[] trained) {
        this.trainer = trainer;
        this.run = run;
        this.data = data;
        this.folder = folder;
        this.meters = trainer.meters();
        this.checkpoint = run.last();
        this.progress = run.progress().copy();
        this.trained = trained;
    }

    RunProgress progress() {
        return progress;
    }

    @Nullable
    Checkpoint checkpoint() {
        return checkpoint;
    }

    TrainingRun.Builder record(RunState state) {
        return run.record(state, progress, checkpoint);
    }

    /** Returns the group's positions after the last step. */
    Map<TopicPartition, Long> positions() {
        return data.positions(trained);
    }

    /**
     * Trains.
     *
     * @param session stands after the checkpoint
     * @return how far the run is; not ended where it was stopped
     * @throws NonFiniteGradientException if a step cannot be taken; the state before it is saved
     */
    RunProgress train(TrainingSession session, ReadAhead rows, RunPulse pulse) {
        Stop stop = trainer.stop();
        StepBudget budget = run.definition().budget();
        long before = run.tokens(progress);
        try (Progress bar = Progress.start("training " + run.request().run(), "tokens", budget.tokens() - before)) {
            long began = System.nanoTime();
            double secondsBefore = progress.seconds();
            while (progress.endedBy() == null && !stop.requested()) {
                StepRows step = next(session, rows);
                if (step == null && stop.requested()) {
                    break;
                }
                step(session, step, secondsBefore + (System.nanoTime() - began) / NANOS);
                bar.note(String.format(
                        Locale.ROOT, "loss %.3f", progress.losses().last()));
                bar.at(run.tokens(progress) - before);
                if (progress.endedBy() == null) {
                    saveWhenDue(session);
                    publishWhenDue(pulse);
                }
            }
            save(session);
        }
        return progress;
    }

    private void publishWhenDue(RunPulse pulse) {
        if (pulse.due()) {
            pulse.publish(record(RunState.PROGRESS).build(), positions());
        }
    }

    private @Nullable StepRows next(TrainingSession session, ReadAhead rows) {
        long began = System.nanoTime();
        try {
            StepRows step = rows.next(
                    trainer.stop()::requested, trainer.settings().settings().outagePatience());
            meters.waited(System.nanoTime() - began);
            return step;
        } catch (RuntimeException | Error e) {
            rescue(session, e);
            throw e;
        }
    }

    /** Saves the last step before a failure that has left weights and moments alone. */
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
        warnOfPasses(progress.position().epoch(), step.after().epoch());
        LossCurve losses = progress.losses();
        losses.add(loss);
        trained = step.trained();
        double now = seconds + nanos / NANOS;
        progress = new RunProgress(step.after(), losses, now, endedBy(losses.steps(), now));
        meters.stepped(run.definition().budget().tokensPerStep(), loss, nanos, run.epochs(progress));
    }

    private double step(TrainingSession session, StepRows step) {
        try {
            return session.step(step.rows());
        } catch (NonFiniteGradientException e) {
            rescue(session, e);
            throw e;
        }
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
                : System.nanoTime() - savedAt
                        >= trainer.settings().checkpointInterval().toNanos();
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
}

package org.bandpass.trainer.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.languagemodel.ModelFolder;
import org.bandpass.languagemodel.TrainingSession;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.trainer.data.DataPosition;
import org.bandpass.trainer.data.DataSet;
import org.bandpass.trainer.data.DocumentStream;
import org.bandpass.trainer.data.ReadAhead;
import org.bandpass.trainer.data.ReadWindow;
import org.bandpass.trainer.data.RowStream;
import org.bandpass.trainer.data.SeededOrder;

/** Trains a prepared run to its end: started, trained, model written, finished; or failed. */
final class TrainRun {

    private static final int STEPS_AHEAD = 4;

    private final Trainer trainer;
    private final TrainerSettings settings;
    private final PreparedRun run;
    private final TextTokenizer tokenizer;
    private final RunFolder folder;
    private final RunWriter writer;

    TrainRun(Trainer trainer, PreparedRun run, TextTokenizer tokenizer, RunFolder folder, RunWriter writer) {
        this.trainer = trainer;
        this.settings = trainer.settings();
        this.run = run;
        this.tokenizer = tokenizer;
        this.folder = folder;
        this.writer = writer;
    }

    /**
     * Trains.
     *
     * @throws ProgramFailure if it fails, or is stopped before its end
     */
    void train(Consumer<byte[], byte[]> reader) {
        DataSet data = run.documents();
        RunProgress progress = data == null ? run.progress() : train(reader, data);
        if (progress.endedBy() == null) {
            throw new ProgramFailure("stopped at step " + progress.steps() + " of "
                    + run.definition().budget().steps() + " of run '"
                    + run.request().run() + "'; --resume continues");
        }
        finish(progress);
    }

    private RunProgress train(Consumer<byte[], byte[]> reader, DataSet data) {
        DataPosition from = run.progress().position();
        ReadWindow window = new ReadWindow(reader, data, settings.decoder(run.data(), tokenizer));
        SeededOrder order = new SeededOrder(data.blocks(), run.request().seed(), settings.shuffle());
        DocumentStream documents = new DocumentStream(order, window, from.epoch(), from.document());
        TrainingLoop loop = new TrainingLoop(trainer, run, data, folder, documents.trained());
        TrainingRun announced = announce(loop);
        trainer.output().begin(run, data, loop.progress().steps());
        StepBudget budget = run.definition().budget();
        RunProgress progress;
        try (RunPulse pulse = new RunPulse(writer, settings.pulse(), announced, loop.positions());
                TrainingSession session = session();
                ReadAhead ahead = new ReadAhead(
                        new RowStream(documents, tokenizer, budget.sequenceTokens(), settings.maxPasses(), from),
                        budget.rowsPerStep(),
                        STEPS_AHEAD)) {
            progress = loop.train(session, ahead, pulse);
            if (progress.endedBy() != null) {
                requireSteps(progress);
                writeModel(session);
            }
        } catch (RuntimeException | Error e) {
            throw failed(loop, e);
        }
        if (progress.endedBy() == null) {
            stopped(loop);
        }
        return progress;
    }

    /** Tries once: a process that is asked to stop has little time. */
    private void stopped(TrainingLoop loop) {
        try {
            writer.write(loop.record(RunState.STOPPED).build(), loop.positions(), Map.of());
        } catch (KafkaException e) {
            System.err.println("run " + run.request().run() + ": that it has stopped could not be written ("
                    + ClientFailure.words(e) + ")");
        }
    }

    /** Reports that the run begins, or continues. */
    private TrainingRun announce(TrainingLoop loop) {
        TrainingRun announced =
                loop.record(run.fresh() ? RunState.STARTED : RunState.PROGRESS).build();
        writer.insist(announced, loop.positions(), run.letters());
        trainer.output().refused(run.request().run(), run.letters().size());
        trainer.meters().refused(run.letters().values());
        return announced;
    }

    private TrainingSession session() {
        Checkpoint last = run.last();
        String device = run.request().compute().device();
        return last == null
                ? TrainingSession.start(
                        run.model().config(), run.recipe(), run.request().seed(), device)
                : TrainingSession.resume(last.folder(), device, run.recipe().learningRate());
    }

    private void requireSteps(RunProgress progress) {
        if (progress.steps() == 0) {
            throw new ProgramFailure("the data end before the first step is full: " + settings.maxPasses()
                    + " passes over " + run.data().words() + " hold fewer than "
                    + run.definition().budget().tokensPerStep() + " tokens");
        }
    }

    private void writeModel(TrainingSession session) {
        if (!folder.hasModel()) {
            folder.writeModel(session, run.request().tokenizerFolder());
        }
    }

    private RuntimeException failed(TrainingLoop loop, Throwable thrown) {
        RunFailure words = new RunFailure(run.request().run(), loop.progress().steps() + 1, loop.checkpoint());
        RuntimeException failure = words.of(thrown, run.recipe().learningRate());
        try {
            writer.write(
                    loop.record(RunState.FAILED)
                            .setEndedBy("error")
                            .setError(String.valueOf(failure.getMessage()))
                            .build(),
                    loop.positions(),
                    Map.of());
        } catch (KafkaException | ProgramFailure unwritten) {
            failure.addSuppressed(unwritten);
        }
        return failure;
    }

    private void finish(RunProgress progress) {
        TrainingRun reported = run.reported();
        if (!folder.hasModel()) {
            try (TrainingSession session = session()) {
                writeModel(session);
            }
        }
        Checkpoint last = folder.lastCheckpoint();
        TrainingRun finished = run.record(RunState.FINISHED, progress, last)
                .setModel(folder.model().toString())
                .setModelRevision(ModelFolder.revision(folder.model()))
                .build();
        boolean known = reported != null
                && reported.getState() == RunState.FINISHED
                && finished.getModelRevision().equals(reported.getModelRevision());
        if (known) {
            trainer.output().finishedBefore(run.request().run());
        } else {
            writer.insist(finished, ends(), Map.of());
        }
        trainer.output().finish(finished, progress.losses().last());
    }

    private Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = new LinkedHashMap<>();
        run.definition()
                .snapshot()
                .forEach(range ->
                        ends.put(new TopicPartition(run.data().topic().name(), range.getPartition()), range.getTo()));
        return ends;
    }
}

package org.bandpass.trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.languagemodel.ModelFolder;
import org.bandpass.languagemodel.TextTokenizer;
import org.bandpass.languagemodel.TrainingSession;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;

/** Trains a prepared run to its end: started, trained, model written, finished; or failed. */
final class TrainRun {

    private static final int STEPS_AHEAD = 4;

    private final PreparedRun prepared;
    private final RunDescription run;
    private final TextTokenizer tokenizer;
    private final TrainerSettings settings;
    private final RunFolder folder;
    private final RunWriter writer;
    private final TrainerMeters meters;
    private final TrainOutput output;

    TrainRun(
            PreparedRun prepared,
            TextTokenizer tokenizer,
            TrainerSettings settings,
            RunFolder folder,
            RunWriter writer,
            TrainerMeters meters,
            TrainOutput output) {
        this.prepared = prepared;
        this.run = prepared.run();
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.folder = folder;
        this.writer = writer;
        this.meters = meters;
        this.output = output;
    }

    /**
     * Trains.
     *
     * @param reader reads the run's topic
     * @throws ProgramFailure if it fails, or is stopped before its end
     */
    void train(Consumer<byte[], byte[]> reader, Stop stop) {
        DataSet data = prepared.data();
        RunProgress progress = data == null ? prepared.progress() : train(reader, data, stop);
        if (progress.endedBy() == null) {
            throw new ProgramFailure("stopped at step " + progress.steps() + " of "
                    + run.definition().budget().steps() + " of run '"
                    + run.request().run() + "'; --resume goes on");
        }
        finish(progress);
    }

    private RunProgress train(Consumer<byte[], byte[]> reader, DataSet data, Stop stop) {
        DataPosition from = prepared.progress().position();
        ReadWindow window = new ReadWindow(
                reader, data, new DocumentDecoder(run.data(), tokenizer.revision(), tokenizer.vocabularySize()));
        SeededOrder order = new SeededOrder(data.blocks(), run.request().seed(), settings.shuffle());
        DocumentStream documents = new DocumentStream(order, window, from.epoch(), from.document());
        TrainingLoop loop =
                new TrainingLoop(run, data, settings, folder, writer, meters, prepared.last(), documents.trained());
        announce(loop);
        output.begin(run, data, loop.progress().steps());
        StepBudget budget = run.definition().budget();
        try (TrainingSession session = session();
                ReadAhead ahead = new ReadAhead(
                        new RowStream(documents, tokenizer, budget.sequenceTokens(), settings.maxPasses(), from),
                        budget.rowsPerStep(),
                        STEPS_AHEAD)) {
            RunProgress progress = loop.train(session, ahead, stop);
            if (progress.endedBy() != null) {
                requireSteps(progress);
                writeModel(session);
            }
            return progress;
        } catch (RuntimeException e) {
            throw failed(loop, e);
        }
    }

    /** Says that the run begins, or goes on. */
    private void announce(TrainingLoop loop) {
        writer.insist(
                run.record(prepared.fresh() ? RunState.STARTED : RunState.PROGRESS, loop.progress())
                        .setCheckpoint(loop.checkpointFolder())
                        .build(),
                loop.positions(),
                prepared.letters());
        output.refused(run.request().run(), prepared.letters().size());
        meters.refused(prepared.letters().values());
    }

    private TrainingSession session() {
        Checkpoint last = prepared.last();
        String device = run.request().compute().device();
        return last == null
                ? TrainingSession.start(
                        run.model().config(), run.recipe(), run.request().seed(), device)
                : TrainingSession.resume(last.folder(), device);
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

    private RuntimeException failed(TrainingLoop loop, RuntimeException e) {
        RuntimeException failure = inWords(loop.progress().steps() + 1, e);
        try {
            writer.write(
                    run.record(RunState.FAILED, loop.progress())
                            .setCheckpoint(loop.checkpointFolder())
                            .setEndedBy("error")
                            .setError(String.valueOf(failure.getMessage()))
                            .build(),
                    loop.positions(),
                    Map.of());
        } catch (KafkaException | ProgramFailure unsaid) {
            failure.addSuppressed(unsaid);
        }
        return failure;
    }

    private RuntimeException inWords(long step, RuntimeException e) {
        String name = "run '" + run.request().run() + "' ";
        if (e instanceof ArithmeticException) {
            return new ProgramFailure(
                    name + "has diverged in step " + step + " (" + e.getMessage()
                            + "): try another --seed, another --preset, or --dtype fp32",
                    e);
        }
        boolean told = e instanceof ProgramFailure || e instanceof KafkaException;
        return told ? e : new ProgramFailure(name + "failed in step " + step + ": " + e.getMessage(), e);
    }

    private void finish(RunProgress progress) {
        TrainingRun said = prepared.said();
        if (!folder.hasModel()) {
            try (TrainingSession session = session()) {
                writeModel(session);
            }
        }
        Checkpoint last = folder.lastCheckpoint();
        TrainingRun finished = run.record(RunState.FINISHED, progress)
                .setCheckpoint(last == null ? null : last.folder().toString())
                .setModel(folder.model().toString())
                .setModelRevision(ModelFolder.revision(folder.model()))
                .build();
        boolean known = said != null
                && said.getState() == RunState.FINISHED
                && finished.getModelRevision().equals(said.getModelRevision());
        if (known) {
            output.finishedBefore(run.request().run());
        } else {
            writer.insist(finished, ends(), Map.of());
        }
        output.finish(new RunSummary(finished, progress.losses().last()));
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

package org.bandpass.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.bandpass.eval.RefusedRunException.Reason;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.schemas.UnreadableRecord;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates one run: opens its model, brings the held-out split up to date, scores both tasks. Writes nothing. One
 * thread at a time.
 */
final class EvaluateRun implements AutoCloseable {

    private static final double NANOS = 1e9;

    private final EvalSettings settings;
    private final RunModel.Opener models;
    private final Admin admin;
    private final Consumer<byte[], byte[]> reader;
    private final HeldOutSplit split;

    EvaluateRun(EvalSettings settings, RunModel.Opener models) {
        this.settings = settings;
        this.models = models;
        this.admin = Admin.create(settings.reader());
        this.reader = Clients.reader(settings.reader(), settings.topics());
        this.split = new HeldOutSplit(settings.topics().documents().name(), settings);
    }

    /**
     * Evaluates a finished run, unless the same model has been evaluated on the same version of each task already.
     *
     * @param cancelled whether the result is no longer wanted
     * @throws RefusedRunException if the run cannot be evaluated
     * @throws java.util.concurrent.CancellationException if it was cancelled
     */
    RunScore unlessKnown(TrainingRun run, BooleanSupplier cancelled) {
        Map<String, EvaluationResult> before = resultsOf(run.getRunId());
        if (isKnown(run.getModelRevision(), before)) {
            return new RunScore(run.getRunId(), "", List.of(), List.of(), Set.of(), Map.of(), 0);
        }
        return score(run, folderOf(run), before.keySet(), cancelled);
    }

    /**
     * Evaluates a finished run now, known or not.
     *
     * @param folder where its model is, or null for where the run says
     * @throws RefusedRunException if the run cannot be evaluated
     */
    RunScore anew(TrainingRun run, @Nullable Path folder, BooleanSupplier cancelled) {
        Set<String> before = resultsOf(run.getRunId()).keySet();
        return score(run, folder == null ? folderOf(run) : existing(run, folder), before, cancelled);
    }

    @Override
    public void close() {
        reader.close();
        admin.close();
    }

    private RunScore score(TrainingRun run, Path folder, Set<String> before, BooleanSupplier cancelled) {
        long began = System.nanoTime();
        split.read(admin, reader);
        try (RunModel model = models.open(folder)) {
            String revision = model.likelihood().revision();
            if (run.getModelRevision() != null && !run.getModelRevision().equals(revision)) {
                throw new RefusedRunException(
                        Reason.CHANGED_MODEL,
                        "run " + run.getRunId() + " made model " + run.getModelRevision() + ", but " + folder
                                + " holds model " + revision);
            }
            List<TaskScore> tasks = List.of(heldOut(run, model, cancelled), cloze(run, model, cancelled));
            List<EvaluationResult> results = new ArrayList<>();
            tasks.forEach(task -> results.addAll(task.records(run, revision, settings.rowsPerRecord())));
            return new RunScore(
                    run.getRunId(),
                    revision,
                    tasks,
                    List.copyOf(results),
                    RunScore.stale(before, results),
                    lettersOf(run, tasks),
                    (System.nanoTime() - began) / NANOS);
        } catch (IllegalArgumentException e) {
            throw new RefusedRunException(
                    Reason.UNREADABLE_MODEL,
                    "the model of run " + run.getRunId() + " in " + folder + " does not fit its tokenizer: "
                            + e.getMessage(),
                    e);
        }
    }

    private TaskScore heldOut(TrainingRun run, RunModel model, BooleanSupplier cancelled) {
        HeldOutSample sample = split.sample();
        try (Watch watch = new Watch(
                run.getRunId() + " " + EvaluationSummary.HELD_OUT,
                "documents",
                sample.documents().size(),
                cancelled)) {
            return new ScoreHeldOut(settings.heldOut(), settings.batchTokens()).score(model, sample, watch);
        }
    }

    private TaskScore cloze(TrainingRun run, RunModel model, BooleanSupplier cancelled) {
        List<ClozeQuestion> questions = split.cloze().questions();
        try (Watch watch =
                new Watch(run.getRunId() + " " + EvaluationSummary.CLOZE, "questions", questions.size(), cancelled)) {
            return new AnswerCloze(settings.cloze(), settings.batchTokens())
                    .score(model, split.cloze(), questions, watch);
        }
    }

    private Map<String, DeadLetter> lettersOf(TrainingRun run, List<TaskScore> tasks) {
        Map<String, DeadLetter> letters = new TreeMap<>(split.letters());
        for (TaskScore task : tasks) {
            for (String id : task.empty()) {
                letters.put(id, RunScore.withoutTokens(id, run.getRunId()));
            }
        }
        return letters;
    }

    private static Path folderOf(TrainingRun run) {
        if (run.getModel() == null) {
            throw new RefusedRunException(
                    Reason.NO_MODEL, "run " + run.getRunId() + " is finished but names no folder of its model");
        }
        return existing(run, Path.of(run.getModel()));
    }

    private static Path existing(TrainingRun run, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new RefusedRunException(
                    Reason.MISSING_MODEL,
                    "the model of run " + run.getRunId() + " is not on this machine: there is no folder " + folder
                            + " (mount it there, or say with --once and --model where it is)");
        }
        return folder;
    }

    private Map<String, EvaluationResult> resultsOf(String runId) {
        Map<String, EvaluationResult> results = new LinkedHashMap<>();
        CompactedTopic.read(
                        admin,
                        reader,
                        settings.topics().evaluations().name(),
                        EvaluationResult.class,
                        unreadable -> requireOther(unreadable, runId))
                .forEach((key, result) -> {
                    if (result.getRunId().equals(runId)) {
                        results.put(key, result);
                    }
                });
        return results;
    }

    /** Results of other runs need not be readable. */
    private static void requireOther(UnreadableRecord record, String runId) {
        if (record.key().startsWith(runId + "/")) {
            throw new ProgramFailure(
                    record.sentence() + "; use the version of Bandpass that wrote it, or delete the key", record.why());
        }
    }

    private boolean isKnown(@Nullable String modelRevision, Map<String, EvaluationResult> before) {
        EvaluationSummary.Run known = EvaluationSummary.of(before.values()).runs().values().stream()
                .findFirst()
                .orElse(null);
        return known != null
                && modelRevision != null
                && isKnown(known, EvaluationSummary.HELD_OUT, ScoreHeldOut.version(settings.heldOut()), modelRevision)
                && isKnown(known, EvaluationSummary.CLOZE, AnswerCloze.version(settings.cloze()), modelRevision);
    }

    private static boolean isKnown(EvaluationSummary.Run run, String task, String version, String modelRevision) {
        EvaluationSummary.Task known = run.tasks().get(task);
        return known != null
                && known.complete()
                && known.version().equals(version)
                && known.modelRevision().equals(modelRevision);
    }
}

package org.bandpass.eval;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.bandpass.eval.RefusedRunException.Reason;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.RunStanding;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates one run: opens its model, brings the held-out split up to date, scores each task. Writes nothing. One
 * thread at a time.
 */
final class EvaluateRun implements AutoCloseable {

    private final EvalSettings settings;
    private final RunModel.Opener models;
    private final @Nullable EvaluateGauntlet gauntlet;
    private final Admin admin;
    private final Consumer<byte[], byte[]> reader;
    private final HeldOutSplit split;
    private final List<EvaluationTask> tasks;

    /** @param gauntlet tasks of a profile that a run is scored in too; null for none */
    EvaluateRun(EvalSettings settings, RunModel.Opener models, @Nullable Gauntlet gauntlet) {
        this.settings = settings;
        this.gauntlet = gauntlet == null ? null : new EvaluateGauntlet(gauntlet, settings);
        this.models = models;
        this.admin = Admin.create(settings.kafka());
        // Waiting longer for more to fetch would only delay the next partition of a snapshot.
        this.reader = Clients.reader(settings.kafka(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20), settings.topics());
        this.split = new HeldOutSplit(settings);
        this.tasks = List.of(
                new ScoreHeldOut(settings.heldOut(), settings.batchTokens(), split.sample()),
                new AnswerCloze(settings.cloze(), settings.batchTokens(), split.cloze()));
    }

    /** Returns a finished run. Throws a ProgramFailure if there is none of that id, or it is not finished. */
    TrainingRun finished(String runId) {
        TopicSpec topic = settings.topics().trainingRuns();
        Map<String, TrainingRun> runs = read(topic, TrainingRun.class, runId::equals, "");
        TrainingRun run = runs.get(runId);
        if (run == null) {
            throw new ProgramFailure("there is no run " + runId + " in " + topic.name()
                    + (runs.isEmpty()
                            ? "; it holds none"
                            : "; there are " + String.join(", ", new TreeSet<>(runs.keySet()))));
        }
        if (run.getState() != RunState.FINISHED) {
            throw new ProgramFailure("run " + runId + " is not finished (" + RunStanding.of(run, Instant.now())
                    + "); only a finished run has a model to evaluate");
        }
        return run;
    }

    /**
     * Evaluates a finished run, unless the same model has been evaluated on the same version of each task already.
     *
     * @param cancelled whether the result is no longer wanted
     * @throws RefusedRunException if the run cannot be evaluated
     * @throws CancellationException if it was cancelled
     */
    RunScore unlessKnown(TrainingRun run, BooleanSupplier cancelled) {
        Map<String, EvaluationResult> before = resultsOf(run.getRunId(), false);
        EvaluationSummary.Run known = EvaluationSummary.of(before.values()).run(run.getRunId());
        boolean isKnown = tasks.stream().allMatch(task -> {
            EvaluationSummary.Task done = known.tasks().get(task.name());
            return done != null
                    && done.complete()
                    && done.version().equals(task.version())
                    && done.modelRevision().equals(run.getModelRevision());
        });
        return isKnown ? RunScore.known(run.getRunId()) : score(run, null, before.keySet(), cancelled);
    }

    /**
     * Evaluates a finished run, whether it is known or not.
     *
     * @param folder folder of its model, or null for the one that the run names
     * @throws RefusedRunException if the run cannot be evaluated
     */
    RunScore always(TrainingRun run, @Nullable Path folder, BooleanSupplier cancelled) {
        return score(run, folder, resultsOf(run.getRunId(), false).keySet(), cancelled);
    }

    /** Returns the finished runs that lack rows of the gauntlet, none without it; leaves unreadable records out. */
    List<String> unscored() {
        EvaluateGauntlet tasks = gauntlet;
        if (tasks == null) {
            return List.of();
        }
        Collection<EvaluationResult> results = read(
                        settings.topics().evaluations(), EvaluationResult.class, key -> false, "")
                .values();
        return read(settings.topics().trainingRuns(), TrainingRun.class, key -> false, "").values().stream()
                .filter(run -> run.getState() == RunState.FINISHED && run.getModelRevision() != null)
                .filter(run -> tasks.known(subject(run, results), run.getModelRevision()) == null)
                .map(TrainingRun::getRunId)
                .toList();
    }

    private static EvaluateGauntlet.Subject subject(TrainingRun run, Collection<EvaluationResult> results) {
        return new EvaluateGauntlet.Subject(
                run.getRunId(),
                run.getStep(),
                results.stream()
                        .filter(result -> result.getRunId().equals(run.getRunId()))
                        .toList());
    }

    boolean hasGauntlet() {
        return gauntlet != null;
    }

    /**
     * Scores a model of a run in the tasks of the gauntlet, as far as that was not done before.
     *
     * @param step step of the model
     * @param folder folder of the model, or null for the one that the run names
     * @param sink receives what is to be written
     * @throws RefusedRunException if the model cannot be evaluated
     * @throws CancellationException if it was cancelled
     */
    GauntletScore gauntlet(
            TrainingRun run, long step, @Nullable Path folder, EvaluateGauntlet.Sink sink, BooleanSupplier cancelled) {
        EvaluateGauntlet tasks = Objects.requireNonNull(gauntlet, "no gauntlet");
        EvaluateGauntlet.Subject subject = new EvaluateGauntlet.Subject(
                run.getRunId(), step, resultsOf(run.getRunId(), true).values());
        String revision = step == run.getStep() ? run.getModelRevision() : null;
        GauntletScore known = revision == null ? null : tasks.known(subject, revision);
        if (known != null) {
            return known;
        }
        Path at = folder == null && step != run.getStep() ? RunFolders.model(run, step) : RunFolders.model(run, folder);
        try (RunModel model = models.open(at)) {
            requireRevision(run, revision, model, at);
            return tasks.score(subject, model, sink, cancelled);
        } catch (IllegalArgumentException e) {
            throw unfit(run, at, e);
        }
    }

    private static void requireRevision(TrainingRun run, @Nullable String expected, RunModel model, Path folder) {
        String revision = model.likelihood().revision();
        if (expected != null && !expected.equals(revision)) {
            throw new RefusedRunException(
                    Reason.CHANGED_MODEL,
                    "run " + run.getRunId() + " made model " + expected + ", but " + folder + " holds model "
                            + revision);
        }
    }

    private static RefusedRunException unfit(TrainingRun run, Path folder, IllegalArgumentException e) {
        return new RefusedRunException(
                Reason.UNREADABLE_MODEL,
                "the model of run " + run.getRunId() + " in " + folder + " does not fit its tokenizer: "
                        + e.getMessage(),
                e);
    }

    @Override
    public void close() {
        reader.close();
        admin.close();
    }

    private RunScore score(TrainingRun run, @Nullable Path named, Set<String> before, BooleanSupplier cancelled) {
        long began = System.nanoTime();
        Path folder = RunFolders.model(run, named);
        split.read(admin, reader);
        try (RunModel model = models.open(folder)) {
            requireRevision(run, run.getModelRevision(), model, folder);
            String revision = model.likelihood().revision();
            List<TaskScore> scores = new ArrayList<>();
            List<EvaluationResult> results = new ArrayList<>();
            Set<String> stale = new TreeSet<>(before);
            Map<String, DeadLetter> letters = new TreeMap<>(split.letters());
            for (EvaluationTask task : tasks) {
                TaskScore score = score(task, run, model, cancelled);
                scores.add(score);
                results.addAll(score.records(run, revision, settings.rowsPerRecord()));
                score.empty().forEach(id -> letters.put(id, withoutTokens(id, run)));
            }
            results.forEach(result -> stale.remove(RunScore.key(result)));
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            return new RunScore(run.getRunId(), scores, results, stale, letters, took);
        } catch (IllegalArgumentException e) {
            throw unfit(run, folder, e);
        }
    }

    private static TaskScore score(EvaluationTask task, TrainingRun run, RunModel model, BooleanSupplier cancelled) {
        try (Progress progress = Progress.start(run.getRunId() + " " + task.name(), task.unit(), 0)) {
            return task.score(model, (done, total) -> {
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException("evaluation ended early");
                }
                progress.total(total);
                progress.at(done);
            });
        }
    }

    private static DeadLetter withoutTokens(String id, TrainingRun run) {
        String detail = "document " + id + " has no tokens in the tokenizer of run " + run.getRunId();
        return RunScore.letter(Reason.NO_TOKENS, detail).build();
    }

    /** Returns the run's results in its own tasks, or in those of profiles. */
    private Map<String, EvaluationResult> resultsOf(String runId, boolean ofProfiles) {
        Map<String, EvaluationResult> results = new LinkedHashMap<>(read(
                settings.topics().evaluations(),
                EvaluationResult.class,
                key -> key.startsWith(runId + "/"),
                ", or delete the key"));
        results.values()
                .removeIf(result ->
                        !result.getRunId().equals(runId) || result.getProfile().isEmpty() == ofProfiles);
        return results;
    }

    /** Reads a compacted topic; only records with a needed key must be readable. */
    private <T extends SpecificRecord> Map<String, T> read(
            TopicSpec topic, Class<T> type, Predicate<String> needed, String otherwise) {
        return CompactedTopic.read(admin, reader, topic.name(), type, record -> {
            if (needed.test(record.key())) {
                throw new ProgramFailure(
                        record.sentence() + "; use the version of Bandpass that wrote it" + otherwise, record.why());
            }
        });
    }
}

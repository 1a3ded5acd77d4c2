package org.bandpass.eval;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.bandpass.eval.RefusedRunException.Reason;
import org.bandpass.eval.figures.ScoredTask;
import org.bandpass.eval.gauntlet.NotFiniteException;
import org.bandpass.eval.gauntlet.ScoredRow;
import org.bandpass.eval.gauntlet.TaskRunner;
import org.bandpass.eval.profile.DataState;
import org.bandpass.eval.profile.FileCheck;
import org.bandpass.eval.profile.ProfileTask;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.EvaluationRow;
import org.bandpass.service.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Scores the tasks of the gauntlet for one model of a run and hands over ranges of rows as they are done. Rows that
 * {@code evaluations} holds already are not scored again.
 */
final class EvaluateGauntlet {

    private final Gauntlet gauntlet;
    private final TaskRunner.Options options;
    private final int rowsPerRecord;

    EvaluateGauntlet(Gauntlet gauntlet, EvalSettings settings) {
        this.gauntlet = gauntlet;
        this.options = new TaskRunner.Options(gauntlet.limit(), settings.batchTokens());
        this.rowsPerRecord = settings.rowsPerRecord();
    }

    /**
     * A model of a run.
     *
     * @param step training step of the model
     * @param before the run's records in {@code evaluations}
     */
    record Subject(String runId, long step, Collection<EvaluationResult> before) {}

    /** Receives what is to be written, in order; may throw a CancellationException. */
    interface Sink extends Consumer<EvaluationPart> {}

    /** Returns the score of a model if no row of it is to be scored, else null. */
    @Nullable
    GauntletScore known(Subject subject, String modelRevision) {
        Tally tally = new Tally();
        for (ProfileTask task : gauntlet.profile().tasks()) {
            FileCheck file = gauntlet.data().check(task.file());
            DoneRows done = DoneRows.of(head(subject, task, file, modelRevision, ""), subject.before());
            if (file.state() == DataState.MISSING) {
                tally.missing.add(task.key());
            } else if (done.complete()) {
                tally.add(done.rows(), done.rows());
            } else {
                return null;
            }
        }
        return score(subject, tally);
    }

    /**
     * Scores what has not been scored.
     *
     * @throws CancellationException if the result is no longer wanted
     * @throws RefusedRunException if the model cannot be scored
     */
    GauntletScore score(Subject subject, RunModel model, Sink sink, BooleanSupplier cancelled) {
        Tally tally = new Tally();
        for (ProfileTask task : gauntlet.profile().tasks()) {
            FileCheck file = gauntlet.data().check(task.file());
            if (file.state() == DataState.MISSING) {
                tally.missing.add(task.key());
                continue;
            }
            EvaluationResult head = head(subject, task, file, model.likelihood().revision(), model.tokenizerRevision());
            DoneRows done = DoneRows.of(head, subject.before());
            int rows = done.complete() ? done.rows() : score(new Range(task, head, sink, cancelled), model, done);
            tally.add(rows, done.rows());
        }
        return score(subject, tally);
    }

    private GauntletScore score(Subject subject, Tally tally) {
        return new GauntletScore(
                subject.runId(),
                subject.step(),
                gauntlet.profile().name() + " " + gauntlet.profile().version(),
                tally.tasks,
                tally.rows,
                tally.known,
                List.copyOf(tally.missing),
                Duration.ofNanos(System.nanoTime() - tally.began));
    }

    /** Counts tasks and rows. */
    private static final class Tally {

        private final long began = System.nanoTime();
        private final List<String> missing = new ArrayList<>();
        private int tasks;
        private int rows;
        private int known;

        void add(int taskRows, int knownRows) {
            tasks++;
            rows += taskRows;
            known += knownRows;
        }
    }

    /** The rest of a task. */
    private record Range(ProfileTask task, EvaluationResult head, Sink sink, BooleanSupplier cancelled) {}

    /** Returns the rows of the task. */
    private int score(Range range, RunModel model, DoneRows done) {
        ProfileTask task = range.task();
        TaskRunner runner = TaskRunner.open(task, gauntlet.data(), model, options);
        EvaluationResult head = EvaluationResult.newBuilder(range.head())
                .setTaskRows(runner.allRows())
                .setLongestPrompt(TaskRunner.longestPrompt(model))
                .build();
        if (!done.stale().isEmpty()) {
            range.sink().accept(new EvaluationPart(List.of(), done.stale(), Map.of()));
        }
        try (Progress progress = Progress.start(head.getRunId() + " " + task.key(), "rows", runner.rows())) {
            runner.score(done.rows(), (from, rows) -> {
                if (range.cancelled().getAsBoolean()) {
                    throw new CancellationException("evaluation ended early");
                }
                write(head, task, from, rows, range.sink());
                progress.at(from + rows.size());
            });
        } catch (NotFiniteException e) {
            throw new RefusedRunException(
                    Reason.NOT_FINITE, e.getMessage() + "; the model's training has probably diverged", e);
        }
        return runner.rows();
    }

    private void write(EvaluationResult head, ProfileTask task, int from, List<ScoredRow> rows, Sink sink) {
        for (int first = 0; first < rows.size(); first += rowsPerRecord) {
            List<EvaluationRow> part = rows.subList(first, Math.min(rows.size(), first + rowsPerRecord)).stream()
                    .map(row -> GauntletRows.row(task, row))
                    .toList();
            EvaluationResult record = EvaluationResult.newBuilder(head)
                    .setFromRow(from + first)
                    .setToRow(from + first + part.size())
                    .setRows(part)
                    .build();
            sink.accept(new EvaluationPart(List.of(record), Set.of(), Map.of()));
        }
    }

    /** Returns what all records of a task have in common. */
    private EvaluationResult head(
            Subject subject, ProfileTask task, FileCheck file, String modelRevision, String tokenizerRevision) {
        int limit = gauntlet.limit() == null ? 0 : gauntlet.limit();
        String dataHash = file.sha256() == null ? "" : file.sha256();
        return EvaluationResult.newBuilder()
                .setRunId(subject.runId())
                .setStep(subject.step())
                .setModelRevision(modelRevision)
                .setTokenizerRevision(tokenizerRevision)
                .setProfile(gauntlet.profile().name())
                .setProfileVersion(gauntlet.profile().version())
                .setTask(task.key())
                .setTaskVersion(ScoredTask.version(gauntlet.profile(), task, dataHash))
                .setCategory(task.category())
                .setChance(task.baseline())
                .setDataHash(dataHash)
                .setDataState(file.state().word())
                .setLimit(limit)
                .setFromRow(0)
                .setToRow(0)
                .setTaskRows(0)
                .setRows(List.of())
                .build();
    }
}

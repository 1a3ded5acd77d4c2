package org.bandpass.eval;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.eval.RefusedRunException.Reason;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.EvaluationResult;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one run's evaluation.
 *
 * @param runId the run; empty where its record cannot be read
 * @param tasks a score for each task; empty where the run was refused or had been evaluated before
 * @param stale keys of earlier results of the run that these do not replace
 * @param letters what could not be used, by key
 */
record RunScore(
        String runId,
        List<TaskScore> tasks,
        List<EvaluationResult> results,
        Set<String> stale,
        Map<String, DeadLetter> letters,
        Duration took) {

    /** Name of this program in dead letters and transactional ids. */
    static final String PROGRAM = "eval";

    static RunScore known(String runId) {
        return withoutTasks(runId, Map.of());
    }

    /** Returns the outcome of a run that cannot be evaluated: a dead letter. */
    static RunScore refused(
            ConsumerRecord<byte[], byte[]> record, String runId, RefusedRunException why, @Nullable String folder) {
        String again = runId.isEmpty() ? "" : "; 'bandpass eval --once " + runId + "' evaluates it later";
        DeadLetter letter = letter(why.reason(), why.getMessage() + again, record)
                .setFile(folder)
                .build();
        return withoutTasks(runId, Map.of(runId.isEmpty() ? position(record) : runId, letter));
    }

    private static RunScore withoutTasks(String runId, Map<String, DeadLetter> letters) {
        return new RunScore(runId, List.of(), List.of(), Set.of(), letters, Duration.ZERO);
    }

    static String key(EvaluationResult result) {
        String range = "/" + result.getFromRow() + "-" + result.getToRow();
        if (result.getProfile().isEmpty()) {
            return result.getRunId() + "/" + result.getTask() + range;
        }
        String limit = result.getLimit() == 0 ? "" : "/limit-" + result.getLimit();
        return result.getRunId() + "/" + result.getStep() + "/" + result.getProfile() + "/" + result.getTask() + limit
                + range;
    }

    /** Returns the key of a dead letter about a record without an id. */
    static String position(ConsumerRecord<?, ?> record) {
        return record.topic() + "/" + record.partition() + "/" + record.offset();
    }

    static DeadLetter.Builder letter(Reason reason, String detail) {
        return DeadLetter.newBuilder()
                .setProgram(PROGRAM)
                .setReason(reason.word())
                .setDetail(detail);
    }

    static DeadLetter.Builder letter(Reason reason, String detail, ConsumerRecord<?, ?> record) {
        return letter(reason, detail)
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset());
    }

    /** Returns the score in a task, which exists unless the run was refused or known. */
    TaskScore task(String name) {
        return tasks.stream()
                .filter(task -> task.task().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns what is to be written of it. */
    EvaluationPart part() {
        return new EvaluationPart(results, stale, letters);
    }

    boolean refused() {
        return tasks.isEmpty() && !letters.isEmpty();
    }

    boolean known() {
        return tasks.isEmpty() && letters.isEmpty();
    }
}

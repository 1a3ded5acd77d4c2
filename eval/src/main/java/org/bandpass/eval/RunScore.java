package org.bandpass.eval;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.EvaluationResult;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one run's evaluation.
 *
 * @param runId the run; empty where its record cannot be read
 * @param modelRevision revision of the evaluated model; empty where none was
 * @param tasks a score for each task; empty where the run was refused or had been evaluated before
 * @param stale keys of earlier results of the run that these do not replace
 * @param letters what could not be used, by key
 */
record RunScore(
        String runId,
        String modelRevision,
        List<TaskScore> tasks,
        List<EvaluationResult> results,
        Set<String> stale,
        Map<String, DeadLetter> letters,
        double seconds) {

    /** What dead letters and transactional ids call this program. */
    static final String PROGRAM = "eval";

    /** Returns the outcome of a run that cannot be evaluated: a dead letter. */
    static RunScore refused(
            ConsumerRecord<byte[], byte[]> record, String runId, RefusedRunException why, @Nullable String folder) {
        String again = runId.isEmpty() ? "" : "; 'bandpass eval --once " + runId + "' evaluates it later";
        DeadLetter letter = DeadLetter.newBuilder()
                .setProgram(PROGRAM)
                .setReason(why.reason().word())
                .setDetail(why.getMessage() + again)
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setFile(folder)
                .build();
        String key = runId.isEmpty() ? record.topic() + "/" + record.partition() + "/" + record.offset() : runId;
        return new RunScore(runId, "", List.of(), List.of(), Set.of(), Map.of(key, letter), 0);
    }

    static String key(EvaluationResult result) {
        return result.getRunId() + "/" + result.getTask() + "/" + result.getFromRow() + "-" + result.getToRow();
    }

    /** Returns a held-out document that has no row because the run's tokenizer makes no tokens of it. */
    static DeadLetter withoutTokens(String id, String runId) {
        return DeadLetter.newBuilder()
                .setProgram(PROGRAM)
                .setReason("no-tokens")
                .setDetail("document " + id + " has no tokens in the tokenizer of run " + runId)
                .build();
    }

    /** Returns those of some keys that none of the results has. */
    static Set<String> stale(Set<String> before, List<EvaluationResult> results) {
        Set<String> stale = new TreeSet<>(before);
        results.forEach(result -> stale.remove(key(result)));
        return stale;
    }

    /** Returns whether the run could not be evaluated. */
    boolean refused() {
        return tasks.isEmpty() && !letters.isEmpty();
    }

    /** Returns whether the run had been evaluated before. */
    boolean known() {
        return tasks.isEmpty() && letters.isEmpty();
    }
}

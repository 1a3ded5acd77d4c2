package org.bandpass.eval;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.eval.RefusedRunException.Reason;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Outage;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Follows {@code training-runs} as a member of the group {@code eval}: a worker evaluates finished runs one after the
 * other while the consumer keeps polling, so that a long evaluation costs no membership. A run's results and the
 * position after it are one transaction; records that need no work are skipped and committed when the worker is idle. A
 * revoked partition cancels its evaluation. An evaluation survives an outage of the cluster.
 */
final class FollowRuns implements ConsumerRebalanceListener, AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int MOST_TRIES = 5;
    /** A cluster that is away never learns that the member has left, however long the member waits. */
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final EvalSettings settings;
    private final EvaluateRun evaluation;
    private final EvaluationWriter writer;
    private final EvalOutput output;
    private final Consumer<byte[], byte[]> consumer;
    /** The only one of training-runs. */
    private final TopicPartition partition;

    private final AvroSerde<TrainingRun> serde = AvroSerde.of(TrainingRun.class);
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "bandpass-evaluation"));
    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private @Nullable RunJob job;
    private boolean owner;
    private long committed;
    private long movedAt = System.nanoTime();

    /** Joins the group only in {@link #follow}. */
    FollowRuns(EvalSettings settings, EvaluateRun evaluation, EvaluationWriter writer, EvalOutput output) {
        this.settings = settings;
        this.evaluation = evaluation;
        this.writer = writer;
        this.output = output;
        this.consumer = Clients.follower(
                settings.kafka(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer"),
                settings.topics(),
                settings.topics().group(RunScore.PROGRAM));
        this.partition = new TopicPartition(settings.topics().trainingRuns().name(), 0);
    }

    /**
     * Evaluates until it is stopped, or until everything before some moment has been handled.
     *
     * @param until that moment, or null to follow for ever
     * @param outage the cluster's, which a finished evaluation outlives
     * @return whether that moment was reached
     * @throws ProgramFailure if the moment cannot be reached
     * @throws KafkaException if the caller must create new clients
     */
    boolean follow(Stop stop, @Nullable CatchUp until, Outage outage) {
        boolean reached = until != null && until.reached(Map.of(partition, committedByGroup()));
        if (!reached) {
            consumer.subscribe(List.of(partition.topic()), this);
        }
        while (!reached && !stop.requested()) {
            consumer.poll(POLL).records(partition).forEach(waiting::add);
            if (!stop.requested()) {
                advance(outage);
                reached = until != null && isReached(until);
            }
        }
        return reached;
    }

    /** Cancels the current evaluation, which the next member begins again, and leaves the group. */
    @Override
    public void close() {
        drop();
        worker.shutdown();
        try {
            // The worker uses the model's native memory, which is freed only after it has ended.
            worker.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        consumer.close(CloseOptions.timeout(CLOSE));
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (partitions.contains(partition)) {
            owner = true;
            movedAt = System.nanoTime();
            seekToCommitted();
        }
    }

    /** Called for lost partitions, too. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (partitions.contains(partition)) {
            owner = false;
            drop();
        }
    }

    /** Positions expire in an empty group, and a topic may be created again: known evaluations are then skipped. */
    private void seekToCommitted() {
        OffsetAndMetadata position = consumer.committed(Set.of(partition)).get(partition);
        long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        committed = position != null && position.offset() >= first && position.offset() <= end ? position.offset() : -1;
        consumer.seek(partition, Math.max(committed, first));
    }

    private void drop() {
        if (job != null) {
            job.cancel();
            job = null;
        }
        waiting.clear();
    }

    private void advance(Outage outage) {
        if (job != null) {
            boolean done = job.isDone();
            if (writeParts(job, outage) && done) {
                finish(job, outage);
            }
        }
        while (job == null && !waiting.isEmpty()) {
            begin(waiting.remove());
        }
        if (job == null && owner) {
            consumer.resume(consumer.paused());
            commitPosition(outage);
        }
    }

    private void begin(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null || isReplaced(record)) {
            return;
        }
        try {
            TrainingRun run = serde.read(record.value());
            if (run.getState() == RunState.FINISHED) {
                start(record, (sink, cancelled) -> score(record, run, sink, cancelled));
            }
        } catch (SerializationException e) {
            settings.requirePassable(record, e);
            RefusedRunException why = new RefusedRunException(
                    Reason.UNREADABLE_RECORD,
                    "the record at " + partition + " offset " + record.offset() + " is no training run: "
                            + e.getMessage(),
                    e);
            start(record, (sink, cancelled) -> RunOutcome.of(RunScore.refused(record, "", why, null)));
        }
    }

    /** Returns whether a later record of the same run is waiting, which then holds the state of the run. */
    private boolean isReplaced(ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null && waiting.stream().anyMatch(later -> Arrays.equals(later.key(), record.key()));
    }

    private void start(ConsumerRecord<byte[], byte[]> record, RunJob.Work work) {
        consumer.pause(consumer.assignment());
        job = new RunJob(record.offset(), worker, work);
    }

    private RunOutcome score(
            ConsumerRecord<byte[], byte[]> record,
            TrainingRun run,
            EvaluateGauntlet.Sink sink,
            BooleanSupplier cancelled) {
        List<RunScore> scores = new ArrayList<>();
        try {
            RunScore score = evaluation.unlessKnown(run, cancelled);
            if (!evaluation.hasGauntlet()) {
                return RunOutcome.of(score);
            }
            sink.accept(score.part());
            scores.add(score);
            GauntletScore gauntlet = evaluation.gauntlet(run, run.getStep(), null, sink, cancelled);
            return new RunOutcome(scores, EvaluationPart.NOTHING, gauntlet);
        } catch (RefusedRunException e) {
            RunScore refused = RunScore.refused(record, run.getRunId(), e, run.getModel());
            scores.add(refused);
            return new RunOutcome(scores, refused.part(), null);
        }
    }

    /**
     * Writes what the worker has handed over, with the position of the run's record: a member that no longer owns the
     * partition is refused, and the next owner's position waits for the end of this transaction. Returns whether nothing
     * is left.
     */
    private boolean writeParts(RunJob running, Outage outage) {
        EvaluationPart part = running.unwritten();
        if (part.isEmpty()) {
            return true;
        }
        OffsetAndMetadata position = new OffsetAndMetadata(running.offset());
        try {
            writer.write(part, Map.of(partition, position), consumer.groupMetadata());
        } catch (KafkaException e) {
            requireAnotherTry(running, outage, "cannot write results of the run at offset " + running.offset(), e);
            return false;
        }
        running.written();
        moved(position.offset(), outage);
        return true;
    }

    private void finish(RunJob done, Outage outage) {
        RunOutcome outcome;
        try {
            outcome = done.outcome();
        } catch (KafkaException e) {
            requireAnotherTry(done, outage, "cannot evaluate the run at " + partition + " offset " + done.offset(), e);
            done.restart();
            return;
        }
        OffsetAndMetadata position = new OffsetAndMetadata(done.offset() + 1);
        try {
            writer.write(outcome.last(), Map.of(partition, position), consumer.groupMetadata());
        } catch (KafkaException e) {
            // Perhaps only the member's epoch is old: the next poll brings the new one, or revokes the partition.
            requireAnotherTry(done, outage, "cannot write the evaluation of run " + outcome.runId(), e);
            return;
        }
        moved(position.offset(), outage);
        job = null;
        output.add(outcome);
    }

    /** Tries do not count while the cluster is away: an outage may last longer than any number of them. */
    private static void requireAnotherTry(RunJob done, Outage outage, String what, KafkaException e) {
        if (ClientFailure.of(e) == ClientFailure.AWAY) {
            outage.outlive(e);
        } else if (done.failed() >= MOST_TRIES) {
            throw new ProgramFailure(what + ": " + ClientFailure.words(e), e);
        }
    }

    private void moved(long position, Outage outage) {
        committed = position;
        movedAt = System.nanoTime();
        outage.worked();
    }

    private void commitPosition(Outage outage) {
        long position = consumer.position(partition);
        if (position > committed) {
            try {
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(position)));
                moved(position, outage);
            } catch (KafkaException e) {
                // The group is changing; the position is committed by the next pause or read again by the next owner.
                owner = consumer.assignment().contains(partition);
            }
        }
    }

    private boolean isReached(CatchUp until) {
        if (job != null || !waiting.isEmpty()) {
            return false;
        }
        long position = owner ? committed : committedByGroup();
        if (until.reached(Map.of(partition, position))) {
            return true;
        }
        if (owner && System.nanoTime() - movedAt > CatchUp.PATIENCE.toNanos() && isOpen(position)) {
            throw new ProgramFailure("cannot catch up: " + partition + " is at offset " + position + " of "
                    + until.ends().get(partition)
                    + "; a transaction of a trainer has probably been open for longer than its timeout");
        }
        return false;
    }

    /** Returns whether a transaction is open at a position; a cluster that is away also delays positions. */
    private boolean isOpen(long position) {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L) <= position;
    }

    /** Returns the position of the group, whichever member owns the partition. */
    private long committedByGroup() {
        OffsetAndMetadata position = consumer.committed(Set.of(partition)).get(partition);
        return position == null ? 0 : position.offset();
    }
}

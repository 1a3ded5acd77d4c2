package org.bandpass.scorer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Outage;
import org.bandpass.schemas.SplitPart;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Follows {@code documents} as a member of the group {@code scorer}. The thread that runs it polls, puts tokenised
 * documents on flights, and writes flights that are scored, so that no partition can be taken away in the middle of a
 * write; partitions that have enough under way are paused meanwhile. A partition that is taken away takes its flights with
 * it; a write that fails makes all partitions start again where the group stands, and what fails then ends this member:
 * {@link Scorer} makes another, with new clients.
 */
final class FollowDocuments implements ConsumerRebalanceListener, AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    /** Positions after records that need no work may be committed late. */
    private static final long IDLE_COMMIT_NANOS = Duration.ofMillis(100).toNanos();
    /** Leaving the group must not hold up new clients for long when no broker answers. */
    private static final Duration LEAVE = Duration.ofSeconds(5);

    private final ScorerSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final StartPositions starts;
    private final SplitCheck splits;
    private final ScoreOrigin origin;
    private final ScoredDocumentWriter writer;
    private final ScorerOutput output;
    private final Outage outage;
    private final TokenizeDocument tokenize;
    private final ScoringDevices devices;
    private final ExecutorService tokenizers;
    private final Map<TopicPartition, PartitionLane> lanes = new HashMap<>();
    private long idleCommittedAt;
    private boolean compared;
    private @Nullable RuntimeException trouble;

    /**
     * Starts the threads; joins nothing before {@link #follow}.
     *
     * @param consumer will be a member of the group scorer, closed with this
     * @param outage decides whether a failed write is tried again
     */
    FollowDocuments(
            ScorerSettings settings,
            Consumer<byte[], byte[]> consumer,
            StartPositions starts,
            SplitCheck splits,
            ReferenceModel model,
            ScoredDocumentWriter writer,
            ScorerOutput output,
            Outage outage) {
        this.settings = settings;
        this.consumer = consumer;
        this.starts = starts;
        this.splits = splits;
        this.origin = ScoreOrigin.of(model, settings.maxWindows());
        this.writer = writer;
        this.output = output;
        this.outage = outage;
        this.tokenize = new TokenizeDocument(
                model.tokenizer(),
                model.vocabularySize(),
                model.mostTokens(settings.maxWindows()),
                settings.deadLetterPositions());
        this.devices =
                new ScoringDevices(model, settings.batchTokens(), settings.maxWindows(), output.meters()::halved);
        this.tokenizers = Executors.newFixedThreadPool(
                settings.tokenizerThreads(), task -> new Thread(task, "bandpass-tokenizer"));
    }

    /**
     * Scores until it is stopped, or until all is scored that was there at some moment.
     *
     * @param until that moment, or null to run until it is stopped
     * @throws ProgramFailure if the moment cannot be reached
     * @throws KafkaException if the clients cannot be used any longer
     */
    void follow(Stop stop, @Nullable UntilCaughtUp until) {
        boolean reached = until != null && until.isReached(Map.of(), false);
        if (!reached) {
            consumer.subscribe(List.of(settings.topics().documents().name()), this);
        }
        while (!reached && !stop.requested()) {
            poll().forEach(this::take);
            lanes.values().forEach(this::board);
            write();
            commitIdle();
            regulate();
            reached = until != null && isReached(until);
        }
        if (!reached) {
            drain();
        }
        if (until != null && !reached) {
            throw stoppedTooEarly();
        }
    }

    static ProgramFailure stoppedTooEarly() {
        return new ProgramFailure(
                "stopped before all documents were scored: the next 'bandpass score' resumes after the last one");
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        if (trouble != null) {
            throw trouble;
        }
        return records;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        try {
            begin(partitions);
            outage.worked();
            output.begin();
        } catch (RuntimeException e) {
            // Kafka would log it with a stack trace; it is thrown after the poll, which must find positions until then.
            trouble = e;
            consumer.pause(partitions);
            partitions.forEach(partition -> consumer.seek(partition, 0));
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            PartitionLane lane = lanes.remove(partition);
            if (lane != null) {
                lane.drop();
            }
        }
    }

    private void begin(Collection<TopicPartition> partitions) {
        onPartitionsRevoked(partitions);
        starts.of(partitions).forEach((partition, offset) -> {
            consumer.seek(partition, offset);
            lanes.put(partition, new PartitionLane(partition, settings.flight()));
        });
        consumer.resume(partitions);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        PartitionLane lane = lanes.get(new TopicPartition(record.topic(), record.partition()));
        if (lane == null) {
            return;
        }
        SplitPart part = HeaderNames.part(record.headers());
        if (part == null || part == SplitPart.FINAL) {
            output.taken();
            lane.add(tokenizers.submit(() -> tokenize.read(record)), Math.max(0, record.serializedValueSize()));
        } else {
            output.passedOver();
        }
    }

    /** Puts documents on flights in the order of their offsets, as far as they are tokenised. */
    private void board(PartitionLane lane) {
        for (FlightDocument next = lane.nextTokenised(); next != null; next = lane.nextTokenised()) {
            submit(lane.board(ofOneSplit(next, lane.partition())));
        }
        if (lane.hasLingered() && consumer.currentLag(lane.partition()).orElse(1) == 0) {
            submit(lane.closed());
        }
    }

    private FlightDocument ofOneSplit(FlightDocument next, TopicPartition partition) {
        Document document = next.content().document();
        String difference = document == null
                ? null
                : splits.difference(
                        document, DeadLetterPositions.name(partition.topic(), partition.partition(), next.offset()));
        return document == null || difference == null
                ? next
                : next.refused(Refusal.of(DeadLetterReason.OTHER_SPLIT, difference, document));
    }

    private void submit(@Nullable Flight closed) {
        if (closed != null) {
            devices.submit(closed);
        }
    }

    private void write() {
        List<FlightRecords> scored = new ArrayList<>();
        for (PartitionLane lane : lanes.values()) {
            for (Flight flight : lane.takeScored()) {
                scored.add(new FlightRecords(
                        settings.topics(), flight, origin, offset -> writer.refuses(lane.partition(), offset)));
            }
        }
        if (scored.isEmpty()) {
            return;
        }
        try {
            if (!writer.write(scored, consumer.groupMetadata())) {
                startAgain();
                return;
            }
        } catch (KafkaException e) {
            outage.outlive(e);
            startAgain();
            return;
        }
        outage.worked();
        for (FlightRecords flight : scored) {
            committed(flight.flight().partition(), flight.flight().end());
            output.written(flight);
        }
        compare();
    }

    /** Of two scorers that began together on an empty topic, the one that writes later sees what the other wrote. */
    private void compare() {
        if (!compared) {
            starts.check();
            compared = true;
        }
    }

    private void startAgain() {
        output.meters().transactionFailed();
        writer.reopen();
        begin(consumer.assignment());
    }

    /** Commits the positions of idle partitions: they move over skipped records and markers. */
    private void commitIdle() {
        if (System.nanoTime() - idleCommittedAt < IDLE_COMMIT_NANOS) {
            return;
        }
        idleCommittedAt = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> idle = new HashMap<>();
        for (PartitionLane lane : lanes.values()) {
            long position = lane.isIdle() ? consumer.position(lane.partition()) : -1;
            if (position > lane.committed()) {
                idle.put(lane.partition(), new OffsetAndMetadata(position));
            }
        }
        if (idle.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(idle);
            idle.forEach((partition, position) -> committed(partition, position.offset()));
        } catch (KafkaException e) {
            if (ClientFailure.of(e) == ClientFailure.FATAL) {
                throw e;
            }
            // The group is changing, or the cluster is away; the next time will do, or the partition's next owner.
        }
    }

    private void committed(TopicPartition partition, long offset) {
        PartitionLane lane = lanes.get(partition);
        if (lane != null) {
            lane.committed(offset);
        }
    }

    private void regulate() {
        boolean enough = devices.hasEnough();
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        for (PartitionLane lane : lanes.values()) {
            boolean full = enough || lane.isFull();
            if (full != lane.isPaused()) {
                lane.paused(full);
                (full ? pause : resume).add(lane.partition());
            }
        }
        consumer.pause(pause);
        consumer.resume(resume);
    }

    private boolean isReached(UntilCaughtUp until) {
        Map<TopicPartition, Long> own = new HashMap<>();
        lanes.forEach((partition, lane) -> own.put(partition, lane.committed()));
        output.remaining(until.remaining(own));
        return until.isReached(own, lanes.values().stream().anyMatch(PartitionLane::isBusy));
    }

    /** Writes what the devices have begun, within a limit of time. */
    private void drain() {
        devices.dropWaiting();
        lanes.values().forEach(PartitionLane::keepBegun);
        long began = System.nanoTime();
        while (lanes.values().stream().anyMatch(PartitionLane::hasFlights)
                && System.nanoTime() - began < DRAIN.toNanos()) {
            consumer.pause(consumer.assignment());
            poll();
            write();
        }
    }

    /** Forgets what is under way, which the next member begins again, and leaves the group. */
    @Override
    public void close() {
        lanes.values().forEach(PartitionLane::drop);
        tokenizers.shutdownNow();
        try {
            // They use the tokenizer's native memory, which must not be freed under them.
            tokenizers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        devices.close();
        consumer.close(CloseOptions.timeout(LEAVE));
    }
}

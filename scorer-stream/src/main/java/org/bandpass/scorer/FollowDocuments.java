package org.bandpass.scorer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import org.bandpass.scorer.FlightDocument.Refusal;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Follows {@code documents} as a member of the group {@code scorer}. One thread polls, adds tokenised documents to flights
 * and writes scored flights, so no partition is revoked in the middle of a write. Partitions with enough work in progress
 * are paused. A revoked partition drops its flights. After a failed write all partitions start again at the group's
 * positions. Other failures end this member, and {@link Scorer} makes another with new clients.
 */
final class FollowDocuments implements ConsumerRebalanceListener, AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    /** Positions after records that need no work may be committed late. */
    private static final long IDLE_COMMIT_NANOS = Duration.ofMillis(100).toNanos();
    /** Without a broker, leaving the group must not delay new clients for long. */
    private static final Duration LEAVE = Duration.ofSeconds(5);

    private final ScorerSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final ScoredTopic existing;
    private final MixtureCheck mixtures;
    private final ScoreOrigin origin;
    private final ScoredDocumentWriter writer;
    private final ScorerTally tally;
    private final Outage outage;
    private final TokenizeDocument tokenize;
    private final ScoringDevices devices;
    private final ExecutorService tokenizers;
    private final Map<TopicPartition, PartitionLane> lanes = new HashMap<>();
    private long idleCommittedAt;
    private boolean compared;
    private @Nullable RuntimeException failure;

    /**
     * Starts the threads; {@link #follow} joins the group.
     *
     * @param consumer closed with this
     * @param outage decides whether a failed write is repeated
     */
    FollowDocuments(
            ScorerSettings settings,
            Consumer<byte[], byte[]> consumer,
            ScoredTopic existing,
            MixtureCheck mixtures,
            ReferenceModel model,
            ScoredDocumentWriter writer,
            ScorerTally tally,
            Outage outage) {
        this.settings = settings;
        this.consumer = consumer;
        this.existing = existing;
        this.mixtures = mixtures;
        this.origin = ScoreOrigin.of(model, settings.maxWindows());
        this.writer = writer;
        this.tally = tally;
        this.outage = outage;
        this.tokenize = new TokenizeDocument(
                model.tokenizer(),
                model.vocabularySize(),
                model.mostTokens(settings.maxWindows()),
                settings.deadLetterPositions());
        this.devices = new ScoringDevices(model, settings.batchTokens(), settings.maxWindows(), tally::halved);
        this.tokenizers = Executors.newFixedThreadPool(
                settings.tokenizerThreads(), task -> new Thread(task, "bandpass-tokenizer"));
    }

    /**
     * Scores documents.
     *
     * @param until when to end, or null to run until stopped
     * @throws ProgramFailure if {@code until} is not reached
     * @throws KafkaException if the clients are no longer usable
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
            pauseAndResume();
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
        if (failure != null) {
            throw failure;
        }
        return records;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        try {
            begin(partitions);
            outage.worked();
            tally.begin();
        } catch (RuntimeException e) {
            // Kafka would log it with a stack trace, so poll() throws it; the consumer needs positions until then.
            failure = e;
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
        existing.resumeAt(consumer, partitions).forEach((partition, offset) -> {
            consumer.seek(partition, offset);
            lanes.put(partition, new PartitionLane(partition, settings.flight(), devices::submit));
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
            tally.taken();
            lane.add(
                    CompletableFuture.supplyAsync(() -> tokenize.read(record), tokenizers),
                    Math.max(0, record.serializedValueSize()));
        } else {
            tally.passedOver();
        }
    }

    /** Adds the tokenised documents to flights in the order of their offsets. */
    private void board(PartitionLane lane) {
        for (FlightDocument next = lane.nextTokenised(); next != null; next = lane.nextTokenised()) {
            lane.board(ofOneSplit(next, lane.partition()));
        }
        if (lane.hasLingered() && consumer.currentLag(lane.partition()).orElse(1) == 0) {
            lane.closeFlight();
        }
    }

    private FlightDocument ofOneSplit(FlightDocument next, TopicPartition partition) {
        Document document = next.content().document();
        if (document == null) {
            return next;
        }
        String difference = mixtures.splitDifference(
                document, DeadLetterPositions.name(partition.topic(), partition.partition(), next.offset()));
        return difference == null ? next : next.refused(Refusal.of(DeadLetterReason.OTHER_SPLIT, difference, document));
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
        if (!hasWritten(scored)) {
            tally.transactionFailed();
            writer.reopen();
            begin(consumer.assignment());
            return;
        }
        outage.worked();
        for (FlightRecords flight : scored) {
            committed(flight.flight().partition(), flight.flight().end());
            tally.written(flight);
        }
        if (!compared) {
            // Of two scorers that began together on an empty topic, the later writer sees the other's scores.
            existing.checkWritten();
            compared = true;
        }
    }

    private boolean hasWritten(List<FlightRecords> scored) {
        try {
            return writer.write(scored, consumer.groupMetadata());
        } catch (KafkaException e) {
            outage.outlive(e);
            return false;
        }
    }

    /** Commits the positions of idle partitions, which move over skipped records and markers. */
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
            // A rebalance or an outage: a later commit includes these positions.
        }
    }

    private void committed(TopicPartition partition, long offset) {
        PartitionLane lane = lanes.get(partition);
        if (lane != null) {
            lane.committed(offset);
        }
    }

    private void pauseAndResume() {
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
        tally.remaining(until.remaining(own));
        return until.isReached(own, lanes.values().stream().anyMatch(PartitionLane::isBusy));
    }

    /** Writes the flights that devices have begun, within a time limit. */
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

    /** Drops the work in progress, which the next member repeats, and leaves the group. */
    @Override
    public void close() {
        lanes.values().forEach(PartitionLane::drop);
        ScoringDevices.end(tokenizers);
        devices.close();
        consumer.close(CloseOptions.timeout(LEAVE));
    }
}

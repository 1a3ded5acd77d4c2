package org.bandpass.selector.calibrator;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.bandpass.schemas.ScoreDigest;
import org.bandpass.selector.calibrator.PartitionDigests.Population;
import org.bandpass.selector.digest.StratumDigest;
import org.bandpass.selector.score.ScoreReader;
import org.bandpass.selector.score.Stratification;
import org.jspecify.annotations.Nullable;

/**
 * First stage of the calibrator, one partition of the scored topic a task: adds each score to the digests of its strata
 * and publishes a stratum's partial digest at its boundaries. When the partition rests, everything that is not published
 * yet is, with the offset up to which nothing is missing; such partials do not enter the state.
 */
final class DigestScores implements Processor<byte[], byte[], String, ScoreDigest> {

    /** What was last published of a stratum; another block changes the weights. */
    private record Published(long total, long block) {}

    /** What a partial says that does not account for everything. */
    private static final long UNKNOWN = -1;

    private final CalibrationRules calibration;
    private final ScoreReader reader = new ScoreReader();
    private final Map<Population, Published> published = new HashMap<>();
    private @Nullable ProcessorContext<String, ScoreDigest> context;
    private @Nullable PartitionDigests state;
    private long settledTo;
    private long coveredAtLastTick;

    DigestScores(CalibrationRules calibration) {
        this.calibration = calibration;
    }

    @Override
    public void init(ProcessorContext<String, ScoreDigest> taskContext) {
        context = taskContext;
        KeyValueStore<byte[], byte[]> store = taskContext.getStateStore(CalibratorTopology.SCORE_DIGESTS);
        state = new PartitionDigests(store, calibration.rules());
        // A task that is revived after an error keeps its processor, not what it believed.
        published.clear();
        settledTo = UNKNOWN;
        coveredAtLastTick = UNKNOWN;
        taskContext.schedule(calibration.tick(), PunctuationType.WALL_CLOCK_TIME, now -> settle());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        PartitionDigests digests = current();
        long offset = context().recordMetadata().orElseThrow().offset();
        if (digests.covers(offset)) {
            return;
        }
        // Before the reading, which may refuse the record: it is covered all the same.
        digests.cover(offset);
        reader.read(record.value());
        String revision = reader.modelRevision();
        digests.made(revision, reader.origin());
        add(new Population(revision, Stratification.ALL_SCORES));
        for (Stratification stratification : calibration.rules().stratifications()) {
            String stratum = reader.stratum(stratification);
            if (!stratum.equals(Stratification.ALL_SCORES)) {
                add(new Population(revision, stratum));
            }
        }
    }

    private void add(Population population) {
        StratumDigest digest = current().add(population, reader.meanNll());
        if (digest == null) {
            return;
        }
        // The first score is published at once: a partition that has published nothing of a model has nothing of it.
        boolean first = digest.total() == 1 && population.stratum().equals(Stratification.ALL_SCORES);
        if (first || !digest.hasPending()) {
            publish(population, digest, UNKNOWN);
        }
    }

    private void settle() {
        PartitionDigests digests = current();
        boolean resting = digests.covered() == coveredAtLastTick;
        coveredAtLastTick = digests.covered();
        long target = calibration.target(context().taskId().partition());
        boolean complete = calibration.isJob() ? digests.coveredTo() >= target : resting;
        if (!complete || settledTo == digests.coveredTo()) {
            return;
        }
        List<Population> whole = new ArrayList<>();
        digests.digests().forEach((population, digest) -> {
            if (population.stratum().equals(Stratification.ALL_SCORES)) {
                whole.add(population);
            } else if (!new Published(digest.total(), digests.block()).equals(published.get(population))) {
                publish(population, digest, UNKNOWN);
            }
        });
        // Last, because these say that nothing is missing.
        for (Population population : whole) {
            publish(population, digests.digests().get(population), digests.coveredTo());
        }
        if (whole.isEmpty() && digests.covered() > 0) {
            publishCoverage(digests);
        }
        settledTo = digests.coveredTo();
    }

    private void publish(Population population, @Nullable StratumDigest digest, long coveredTo) {
        if (digest == null) {
            return;
        }
        PartitionDigests digests = current();
        boolean all = population.stratum().equals(Stratification.ALL_SCORES);
        forward(partial(population)
                .setCount(digest.total())
                .setCovered(digests.covered())
                .setCoveredTo(coveredTo)
                .setCrowded(crowded(digests, population.modelRevision()))
                .setOrigins(all ? digests.origins(population.modelRevision()) : List.of())
                .setDigest(ByteBuffer.wrap(digest.partial(digests.block())))
                .build());
        published.put(population, new Published(digest.total(), digests.block()));
    }

    /** A partition whose records were all refused has no model to speak of; it is covered all the same. */
    private void publishCoverage(PartitionDigests digests) {
        forward(partial(new Population(LatestPartials.NO_MODEL, Stratification.ALL_SCORES))
                .setCount(0)
                .setCovered(digests.covered())
                .setCoveredTo(digests.coveredTo())
                .setDigest(ByteBuffer.allocate(0))
                .build());
    }

    private ScoreDigest.Builder partial(Population population) {
        return ScoreDigest.newBuilder()
                .setScoredTopic(calibration.scoredTopic())
                .setModelRevision(population.modelRevision())
                .setStratum(population.stratum())
                .setPartition(context().taskId().partition())
                .setPartitions(calibration.partitions());
    }

    private void forward(ScoreDigest partial) {
        String key = partial.getScoredTopic() + "/" + partial.getModelRevision() + "/" + partial.getStratum() + "/"
                + partial.getPartition();
        context().forward(new Record<>(key, partial, context().currentSystemTimeMs()));
    }

    private List<String> crowded(PartitionDigests digests, String modelRevision) {
        return calibration.rules().stratifications().stream()
                .filter(stratification -> digests.isCrowded(modelRevision, stratification))
                .map(Stratification::word)
                .toList();
    }

    private ProcessorContext<String, ScoreDigest> context() {
        return initialised(context);
    }

    private PartitionDigests current() {
        return initialised(state);
    }

    private static <T> T initialised(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the processor was not initialised");
        }
        return value;
    }
}

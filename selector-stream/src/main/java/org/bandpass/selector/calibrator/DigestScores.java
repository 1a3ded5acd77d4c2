package org.bandpass.selector.calibrator;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.bandpass.schemas.ScoreDigest;
import org.bandpass.selector.digest.StratumDigest;
import org.bandpass.selector.score.ScoreReader;
import org.bandpass.selector.score.Stratification;

/**
 * First stage of the calibrator, one task per partition of the scored topic: adds each score to the digests of its
 * strata and publishes a stratum's partial digest at its boundaries. When the partition is idle, it publishes the rest,
 * with the offset up to which nothing is missing; such partials do not change the state.
 */
final class DigestScores extends ContextualProcessor<byte[], byte[], String, ScoreDigest> {

    /** The last partial of a stratum; the block determines the weights. */
    private record Published(long total, long block) {}

    /** Value of {@code coveredTo} in a partial from which scores may be missing. */
    private static final long UNKNOWN = -1;

    private final CalibratorRules rules;
    private final List<Stratification> stratifications;
    private final ScoreReader reader = new ScoreReader();
    private final Map<Population, Published> published = new HashMap<>();

    @SuppressWarnings("NullAway.Init")
    private PartitionDigests digests;

    private long settledTo;
    private long coveredAtLastTick;

    DigestScores(CalibratorRules rules) {
        this.rules = rules;
        this.stratifications = rules.settings().stratifications();
    }

    @Override
    public void init(ProcessorContext<String, ScoreDigest> context) {
        super.init(context);
        digests = new PartitionDigests(context.getStateStore(CalibratorTopology.SCORE_DIGESTS), rules.settings());
        // A task that restarts after an error keeps its processor, which must forget its state.
        published.clear();
        settledTo = UNKNOWN;
        coveredAtLastTick = UNKNOWN;
        context.schedule(rules.tick(), PunctuationType.WALL_CLOCK_TIME, now -> settle());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        long offset = context().recordMetadata().orElseThrow().offset();
        if (digests.covers(offset)) {
            return;
        }
        // Before reading: a refused record is covered as well.
        digests.cover(offset);
        reader.read(record.value());
        String revision = reader.modelRevision();
        digests.addOrigin(revision, reader.origin());
        add(Population.all(revision));
        for (Stratification stratification : stratifications) {
            Population population = new Population(revision, reader.stratum(stratification));
            if (!population.isAll()) {
                add(population);
            }
        }
    }

    private void add(Population population) {
        StratumDigest digest = digests.add(population, reader.meanNll());
        // The first score is published at once, so no partial of a model means no score of it.
        if (digest != null && (digest.total() == 1 && population.isAll() || !digest.hasPending())) {
            publish(population, digest, UNKNOWN);
        }
    }

    private void settle() {
        boolean idle = digests.covered() == coveredAtLastTick;
        coveredAtLastTick = digests.covered();
        long target = rules.target(context().taskId().partition());
        boolean complete = rules.isJob() ? digests.coveredTo() >= target : idle;
        if (!complete || settledTo == digests.coveredTo()) {
            return;
        }
        Map<Population, StratumDigest> whole = new LinkedHashMap<>();
        digests.digests().forEach((population, digest) -> {
            if (population.isAll()) {
                whole.put(population, digest);
            } else if (!new Published(digest.total(), digests.block()).equals(published.get(population))) {
                publish(population, digest, UNKNOWN);
            }
        });
        // Last, because these declare that nothing is missing.
        whole.forEach((population, digest) -> publish(population, digest, digests.coveredTo()));
        if (whole.isEmpty() && digests.covered() > 0) {
            // All records of the partition were refused, so there is no model; they are covered as well.
            forward(partial(Population.all(LatestPartials.NO_MODEL), digests.coveredTo())
                    .setCount(0)
                    .setDigest(ByteBuffer.allocate(0)));
        }
        settledTo = digests.coveredTo();
    }

    private void publish(Population population, StratumDigest digest, long coveredTo) {
        String revision = population.modelRevision();
        forward(partial(population, coveredTo)
                .setCount(digest.total())
                .setCrowded(crowded(revision))
                .setOrigins(population.isAll() ? digests.origins(revision) : List.of())
                .setDigest(ByteBuffer.wrap(digest.partial(digests.block()))));
        published.put(population, new Published(digest.total(), digests.block()));
    }

    private ScoreDigest.Builder partial(Population population, long coveredTo) {
        return ScoreDigest.newBuilder()
                .setScoredTopic(rules.scoredTopic())
                .setModelRevision(population.modelRevision())
                .setStratum(population.stratum())
                .setPartition(context().taskId().partition())
                .setPartitions(rules.partitions())
                .setCovered(digests.covered())
                .setCoveredTo(coveredTo);
    }

    private void forward(ScoreDigest.Builder builder) {
        ScoreDigest partial = builder.build();
        context()
                .forward(new Record<>(
                        LatestPartials.key(partial), partial, context().currentSystemTimeMs()));
    }

    private List<String> crowded(String modelRevision) {
        return stratifications.stream()
                .filter(stratification -> digests.isCrowded(modelRevision, stratification))
                .map(Stratification::word)
                .toList();
    }
}

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
 * First stage of the calibrator, one partition of the scored topic a task: adds each score to the digests of its strata
 * and publishes a stratum's partial digest at its boundaries. When the partition is idle, it publishes everything that it
 * has not yet, with the offset up to which nothing is missing; such partials do not enter the state.
 */
final class DigestScores extends ContextualProcessor<byte[], byte[], String, ScoreDigest> {

    /** What was last published of a stratum; another block changes the weights. */
    private record Published(long total, long block) {}

    /** What a partial says that does not account for everything. */
    private static final long UNKNOWN = -1;

    private final CalibrationRules rules;
    private final ScoreReader reader = new ScoreReader();
    private final Map<Population, Published> published = new HashMap<>();

    @SuppressWarnings("NullAway.Init")
    private PartitionDigests digests;

    private long settledTo;
    private long coveredAtLastTick;

    DigestScores(CalibrationRules rules) {
        this.rules = rules;
    }

    @Override
    public void init(ProcessorContext<String, ScoreDigest> context) {
        super.init(context);
        digests = new PartitionDigests(context.getStateStore(CalibratorTopology.SCORE_DIGESTS), rules.digests());
        // A task that is revived after an error keeps its processor, but not the processor's state.
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
        // Before reading, which may refuse the record: it is covered all the same.
        digests.cover(offset);
        reader.read(record.value());
        String revision = reader.modelRevision();
        digests.made(revision, reader.origin());
        add(Population.all(revision));
        for (Stratification stratification : rules.digests().stratifications()) {
            Population population = new Population(revision, reader.stratum(stratification));
            if (!population.isAll()) {
                add(population);
            }
        }
    }

    private void add(Population population) {
        StratumDigest digest = digests.add(population, reader.meanNll());
        // The first score is published at once: a partition that has published nothing of a model has nothing of it.
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
        // Last, because these say that nothing is missing.
        whole.forEach((population, digest) -> publish(population, digest, digests.coveredTo()));
        if (whole.isEmpty() && digests.covered() > 0) {
            // A partition whose records were all refused has no model to speak of; it is covered all the same.
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

    private void forward(ScoreDigest.Builder made) {
        ScoreDigest partial = made.build();
        String key = partial.getScoredTopic() + "/" + partial.getModelRevision() + "/" + partial.getStratum() + "/"
                + partial.getPartition();
        context().forward(new Record<>(key, partial, context().currentSystemTimeMs()));
    }

    private List<String> crowded(String modelRevision) {
        return rules.digests().stratifications().stream()
                .filter(stratification -> digests.isCrowded(modelRevision, stratification))
                .map(Stratification::word)
                .toList();
    }
}

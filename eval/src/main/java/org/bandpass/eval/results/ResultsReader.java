package org.bandpass.eval.results;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.schemas.UnreadableRecord;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Settings;
import org.jspecify.annotations.Nullable;

/** Reads an experiment's results from the topics and its folder. A topic that does not exist counts as empty. */
public final class ResultsReader implements AutoCloseable {

    private static final AvroSerde<ScoredDocument> SCORED = AvroSerde.of(ScoredDocument.class);

    private static final int ANSWER_MILLIS = 10_000;

    private final long mostRecords;
    private final Topics topics;
    private final Admin admin;
    private final Consumer<byte[], byte[]> consumer;
    private final Set<String> existing;

    /** Connects; of a topic with more than {@code mostRecords} documents a sample of about this size is read. */
    public ResultsReader(Settings settings, long mostRecords) {
        this.mostRecords = mostRecords;
        this.topics = new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes());
        Map<String, Object> client = settings.kafka();
        // Many small topics are read one after the other; each fetch at an end would wait half a second.
        client.putIfAbsent("fetch.max.wait.ms", 20);
        this.admin = Admin.create(client);
        this.existing = existing(admin, client);
        this.consumer = Clients.reader(client, topics);
    }

    private static Set<String> existing(Admin admin, Map<String, Object> client) {
        try {
            return admin.listTopics(new ListTopicsOptions().timeoutMs(ANSWER_MILLIS))
                    .names()
                    .get();
        } catch (ExecutionException e) {
            admin.close(Duration.ZERO);
            throw ProgramFailure.noBroker(client.get("bootstrap.servers"), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure("interrupted while talking to the broker", e);
        }
    }

    /**
     * Reads the results of a plan.
     *
     * @param folder the experiment's folder, with stages/ where it ran
     * @throws ProgramFailure if there is no such plan
     */
    public Results read(String planName, Path folder) {
        Plan plan = plan(planName);
        Population population = population(plan.getScoredTopic(), plan);
        CutQuantiles cuts = CutQuantiles.of(plan);
        PlanRuns runs = PlanRuns.of(
                plan,
                readable(topics.trainingRuns(), TrainingRun.class).values(),
                EvaluationSummary.of(
                        readable(topics.evaluations(), EvaluationResult.class).values()));
        StageSummaries stages = new StageSummaries(
                folder.resolve("stages"),
                plan.getBands().stream().map(Band::getName).toList());
        return new Results(
                plan,
                DocumentCounts.of(
                        table(topics.ingestProgress(), IngestProgress.class, UnreadableRecord.stop())
                                .values(),
                        population.count(),
                        population.sampled(),
                        count(topics.deadLetters("scorer").name())),
                population,
                cuts,
                bands(plan, cuts, population),
                runs,
                stages.values(StageSummaries.AUDIT).stream()
                        .filter(entry -> entry.has("band"))
                        .toList(),
                stages,
                Provenance.of(runs.all(), folder, plan.getModelRevision(), population.last()));
    }

    private Plan plan(String name) {
        Map<String, Plan> plans = table(topics.plans(), Plan.class, record -> {
            if (record.key().equals(name)) {
                throw new ProgramFailure(
                        record.sentence() + "; use the version of Bandpass that wrote it", record.why());
            }
        });
        Plan plan = plans.get(name);
        if (plan == null) {
            throw new ProgramFailure("there is no plan '" + name + "' in topic "
                    + topics.plans().name()
                    + (plans.isEmpty()
                            ? ", which holds none; 'bandpass cuts freeze' makes one"
                            : "; it holds " + String.join(", ", plans.keySet()) + " (--plan names one)"));
        }
        return plan;
    }

    private List<BandResult> bands(Plan plan, @Nullable CutQuantiles cuts, Population all) {
        double[] sorted = all.sorted();
        List<BandResult> bands = new ArrayList<>();
        for (Band band : plan.getBands()) {
            Population inside =
                    population(topics.band(plan.getName(), band.getName()).name(), plan);
            boolean any = sorted.length > 0;
            bands.add(new BandResult(
                    band.getName(),
                    band.getFrom(),
                    band.getTo(),
                    cuts == null ? null : cuts.quantiles().get(band.getFrom()),
                    cuts == null ? null : cuts.quantiles().get(band.getTo()),
                    inside.total(),
                    any ? inside.count() / (double) all.count() : null,
                    any ? Population.within(sorted, band.getFrom(), band.getTo()) / (double) sorted.length : null,
                    inside.byDomain()));
        }
        return bands;
    }

    /** Returns the documents of a topic that the plan's model has scored; scores of another model do not compare. */
    private Population population(String topic, Plan plan) {
        TopicSample sample = sample(topic);
        Population population = new Population(sample.scale());
        sample.read(consumer, record -> {
            ScoredDocument scored = record.value() == null ? null : scored(record);
            if (scored != null && scored.getScore().getModelRevision().equals(plan.getModelRevision())) {
                population.add(scored);
            }
        });
        return population;
    }

    private TopicSample sample(String topic) {
        return existing.contains(topic)
                ? TopicSample.of(OffsetSnapshot.written(admin, consumer, topic), mostRecords)
                : new TopicSample(List.of(), 1);
    }

    private static @Nullable ScoredDocument scored(ConsumerRecord<byte[], byte[]> record) {
        try {
            return SCORED.read(record.value());
        } catch (UnknownSchemaException e) {
            throw new ProgramFailure(
                    place(record) + " is of a newer version of Bandpass (" + e.schema() + "): report with that version",
                    e);
        } catch (SerializationException e) {
            System.err.println("left out of the report: " + place(record) + ": " + e.getMessage());
            return null;
        }
    }

    private static String place(ConsumerRecord<?, ?> record) {
        return "the record at " + record.topic() + " partition " + record.partition() + " offset " + record.offset();
    }

    /** Leaves out a run or evaluation that cannot be read, with a warning. */
    private <T extends SpecificRecord> Map<String, T> readable(TopicSpec topic, Class<T> type) {
        return table(topic, type, record -> System.err.println("left out of the report: " + record.sentence()));
    }

    private <T extends SpecificRecord> Map<String, T> table(
            TopicSpec topic, Class<T> type, UnreadableRecord.Visitor unreadable) {
        return existing.contains(topic.name())
                ? CompactedTopic.read(admin, consumer, topic.name(), type, unreadable)
                : Map.of();
    }

    private long count(String topic) {
        TopicSample sample = sample(topic);
        long[] records = {0};
        sample.read(consumer, record -> records[0]++);
        return Math.round(records[0] * sample.scale());
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}

package org.bandpass.eval.results;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.bandpass.eval.figures.EvaluationSummary;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.schemas.UnreadableRecord;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Settings;
import org.jspecify.annotations.Nullable;

/** Reads an experiment's results from the topics and its folder. A topic that does not exist counts as empty. */
public final class ResultsReader implements AutoCloseable {

    private static final AvroSerde<ScoredDocument> SCORED = AvroSerde.of(ScoredDocument.class);

    private final TopicContents contents;

    /** Connects; of a topic with more than {@code mostRecords} documents a sample of about this size is read. */
    public ResultsReader(Settings settings, long mostRecords) {
        this.contents = new TopicContents(settings, mostRecords);
    }

    /**
     * Reads the results of a plan.
     *
     * @param folder the experiment's folder, with stages/ where it ran
     * @throws ProgramFailure if there is no such plan
     */
    public Results read(String planName, Path folder) {
        Topics topics = contents.topics();
        Plan plan = plan(planName);
        Population population = population(plan.getScoredTopic(), plan);
        CutQuantiles cuts = CutQuantiles.of(plan);
        Collection<EvaluationResult> evaluations =
                contents.readable(topics.evaluations(), EvaluationResult.class).values();
        PlanRuns runs = PlanRuns.of(
                plan,
                contents.readable(topics.trainingRuns(), TrainingRun.class).values(),
                EvaluationSummary.of(evaluations));
        StageSummaries stages = new StageSummaries(
                folder.resolve("stages"),
                plan.getBands().stream().map(Band::getName).toList());
        return new Results(
                plan,
                DocumentCounts.of(
                        contents.table(topics.ingestProgress(), IngestProgress.class, UnreadableRecord.stop())
                                .values(),
                        population.count(),
                        population.sampled(),
                        contents.count(topics.deadLetters("scorer").name())),
                population,
                cuts,
                bands(plan, cuts, population),
                runs,
                ImportedScore.of(runs, evaluations),
                stages.values(StageSummaries.AUDIT).stream()
                        .filter(entry -> entry.has("band"))
                        .toList(),
                stages,
                Provenance.of(runs.all(), folder, plan.getModelRevision(), population.last()));
    }

    private Plan plan(String name) {
        Topics topics = contents.topics();
        Map<String, Plan> plans = contents.table(topics.plans(), Plan.class, record -> {
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
            Population inside = population(
                    contents.topics().band(plan.getName(), band.getName()).name(), plan);
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
        TopicSample sample = contents.sample(topic);
        Population population = new Population(sample.scale());
        contents.read(sample, SCORED, scored -> {
            if (scored.getScore().getModelRevision().equals(plan.getModelRevision())) {
                population.add(scored);
            }
        });
        return population;
    }

    @Override
    public void close() {
        contents.close();
    }
}

package org.bandpass.selector.plan;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.UnreadableRecord;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.RecordEnds;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.runtime.TransientFailure;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;

/** The stored plans. A plan is stored once and never changed, so its bands keep their meaning. */
public final class PlanCatalog {

    private static final Duration CUTS_POLL = Duration.ofMillis(500);
    private static final AvroSerde<Plan> PLANS = AvroSerde.of(Plan.class);

    private final SelectorSettings settings;
    private final KafkaCluster cluster;
    private final Map<String, UnreadableRecord> unreadable = new HashMap<>();

    public PlanCatalog(KafkaCluster cluster) {
        this.settings = cluster.settings();
        this.cluster = cluster;
    }

    /**
     * Returns all plans by name, except damaged ones, which are reported on stderr.
     *
     * @throws ProgramFailure if there is neither a topic of plans nor one of scores
     */
    public Map<String, Plan> all() {
        return read(record -> {
            if (unreadable.put(record.key(), record) == null) {
                System.err.println(record.sentence() + "; the other plans can be used");
            }
        });
    }

    /** Returns all plans. Throws a ProgramFailure if one is unreadable and not at one of dead.letter.positions. */
    Map<String, Plan> everyOne() {
        try {
            return read(UnreadableRecord.stopUnlessAt(settings.deadLetterPositions()));
        } catch (SerializationException e) {
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    private Map<String, Plan> read(UnreadableRecord.Visitor visitor) {
        String topic = settings.topics().plans().name();
        if (!cluster.exists(topic)) {
            // Either no plan was stored yet, or the prefix is mistyped.
            cluster.require(settings.scoredTopic().name());
        }
        if (!cluster.exists(topic)) {
            return Map.of();
        }
        return new TreeMap<>(CompactedTopic.read(cluster.written(topic), cluster.reader(), Plan.class, visitor));
    }

    /** Returns the plan of that name. Throws a ProgramFailure if there is none. */
    public Plan named(String name) {
        Map<String, Plan> plans = all();
        Plan plan = plans.get(name);
        requireReadable(name);
        if (plan == null) {
            throw new ProgramFailure("there is no plan '" + name + "'"
                    + (plans.isEmpty()
                            ? "; 'bandpass cuts freeze' makes one"
                            : "; there are " + String.join(", ", plans.keySet())));
        }
        return plan;
    }

    private void requireReadable(String name) {
        UnreadableRecord record = unreadable.get(name);
        if (record != null) {
            throw new ProgramFailure(
                    "plan '" + name + "' exists and cannot be used here: " + record.sentence()
                            + "; use the version of Bandpass that wrote it, or choose another name",
                    record.why());
        }
    }

    /** Makes a plan of a draft, without storing it. Throws a ProgramFailure if there are no suitable cuts. */
    public Plan make(PlanDraft draft) {
        String scoredTopic = settings.scoredTopic().name();
        cluster.require(scoredTopic);
        Plan.Builder plan = Plan.newBuilder(draft.plan()).setScoredTopic(scoredTopic);
        if (draft.isLive() && draft.modelRevision() != null) {
            return plan.setModelRevision(draft.modelRevision()).build();
        }
        CutsVersion cuts = CutsArchive.of(cluster).choose(scoredTopic, draft.modelRevision(), draft.version());
        if (!draft.mixed()) {
            requireOneOrigin(cuts);
        }
        plan.setModelRevision(cuts.id().modelRevision());
        if (draft.isLive()) {
            return plan.build();
        }
        if (!draft.partial()) {
            requireWhole(cuts);
        }
        List<Cuts> frozen = cuts.strata().values().stream()
                .filter(each -> draft.stratification().includes(each.getStratum()))
                .toList();
        return plan.setCutsVersion(cuts.id().version()).setCuts(frozen).build();
    }

    /** Waits until the scored topic has cuts or a stop is requested. */
    void awaitCuts(Stop stop) {
        CutsArchive archive = CutsArchive.of(cluster);
        String scoredTopic = settings.scoredTopic().name();
        if (archive.latest(scoredTopic).isEmpty()) {
            System.err.println("waiting for the first cuts of " + scoredTopic + "; 'bandpass calibrate' makes them");
        }
        boolean stopped = stop.requested();
        while (!stopped && archive.latest(scoredTopic).isEmpty()) {
            stopped = stop.await(CUTS_POLL);
        }
    }

    /** Makes a plan with the frozen cuts of another, without storing it. */
    public Plan make(PlanDraft draft, Plan origin) {
        if (origin.getCutMode() != CutMode.FROZEN) {
            throw new ProgramFailure("plan '" + origin.getName()
                    + "' is live and has no cuts of its own; name a version with --cuts-version instead");
        }
        Plan plan = draft.plan();
        if (draft.isLive() || draft.choosesCuts()) {
            throw new ProgramFailure("plan '" + plan.getName() + "' takes the cuts of plan '" + origin.getName()
                    + "' and cannot choose others: leave out cutMode: live, cutsVersion, modelRevision, allowPartial"
                    + " and mixRevisions");
        }
        if (!origin.getStratification().equals(plan.getStratification())) {
            throw new ProgramFailure("the cuts of plan '" + origin.getName() + "' are by " + origin.getStratification()
                    + ", not by " + plan.getStratification());
        }
        return Plan.newBuilder(plan)
                .setScoredTopic(origin.getScoredTopic())
                .setModelRevision(origin.getModelRevision())
                .setWarmUp(origin.getWarmUp())
                .setCutsVersion(origin.getCutsVersion())
                .setCuts(origin.getCuts())
                .build();
    }

    private static void requireOneOrigin(CutsVersion cuts) {
        String warning = CutsVersion.warning(cuts.all());
        if (warning != null && cuts.isMixed()) {
            throw new ProgramFailure(warning);
        }
        if (warning != null) {
            System.err.println(warning);
        }
    }

    private void requireWhole(CutsVersion cuts) {
        RecordEnds ends = cluster.ends(cuts.id().scoredTopic());
        if (!cuts.covers(ends)) {
            long covered =
                    cuts.all().getCovered().stream().mapToLong(Long::longValue).sum();
            throw new ProgramFailure("version " + cuts.id().version() + " of the cuts accounts for " + covered
                    + " records of topic " + cuts.id().scoredTopic()
                    + ", which holds more: run 'bandpass calibrate --until-caught-up' (after stopping a running"
                    + " calibrator), or freeze these with --allow-partial");
        }
    }

    /** Topic names must differ by more than dots and underscores, or Kafka refuses the second one. */
    private void requireOwnTopics(Plan plan, Collection<Plan> others) {
        Map<String, String> taken = new HashMap<>();
        others.stream()
                .filter(other -> !other.getName().equals(plan.getName()))
                .forEach(other -> topics(other).forEach(topic -> taken.put(topic.replace('.', '_'), topic)));
        for (String topic : topics(plan)) {
            String other = taken.get(topic.replace('.', '_'));
            if (other != null) {
                throw new ProgramFailure("plan '" + plan.getName() + "' would have topic " + topic
                        + ", which Kafka cannot distinguish from " + other + " of another plan: choose another name");
            }
        }
    }

    private List<String> topics(Plan plan) {
        return plan.getBands().stream().map(band -> cluster.band(plan, band)).toList();
    }

    /** Stores a plan; storing an equal one again does nothing. Throws a ProgramFailure if another plan has its name. */
    public void store(Plan plan) {
        byte[] bytes = PLANS.write(plan);
        if (bytes.length > settings.topics().maxScoredBytes()) {
            throw new ProgramFailure("plan '" + plan.getName() + "' with the cuts of its "
                    + plan.getCuts().size()
                    + " strata has " + bytes.length + " bytes, more than a record may have; raise"
                    + " calibrator.stratum.minimum.scores or document.max.bytes");
        }
        cluster.ensure(List.of(settings.topics().plans()));
        // The transactional id fences another process that stores a plan between the read and the write here.
        try (Producer<byte[], byte[]> producer = Clients.transactional(
                settings.client(), settings.topics(), settings.topics().group("plans"))) {
            producer.initTransactions();
            Map<String, Plan> plans = all();
            requireReadable(plan.getName());
            requireOwnTopics(plan, plans.values());
            Plan known = plans.get(plan.getName());
            if (known != null && !known.equals(plan)) {
                throw PlanDescription.conflict(known);
            }
            if (known == null) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(
                        settings.topics().plans().name(), HeaderNames.bytes(plan.getName()), bytes));
                Clients.commit(producer);
            }
        } catch (KafkaException e) {
            throw new ProgramFailure("cannot store plan '" + plan.getName() + "': " + TransientFailure.root(e), e);
        }
    }
}

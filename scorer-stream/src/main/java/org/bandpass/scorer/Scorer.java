package org.bandpass.scorer;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Outage;
import org.bandpass.schemas.OutageException;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/** Connects the program to a cluster: topics, clients, where to begin and when to end. */
final class Scorer {

    /** A longer wait for more data would only delay the search for the last score. */
    private static final int FETCH_WAIT_MILLIS = 20;
    /** Bounds the memory of one poll of large documents. */
    private static final int MOST_POLLED = 200;

    private final ScorerSettings settings;
    private final ReferenceModel model;
    private final ScoredDocumentWriter.Producers producers;
    private final ScorerOutput output;
    private final String transactionalId;
    private final SplitCheck splits;
    private final OriginCheck origins;

    /**
     * Makes the program.
     *
     * @param model stays open
     * @param mixed whether to add to scores that were made in another way
     */
    Scorer(
            ScorerSettings settings,
            ReferenceModel model,
            boolean mixed,
            ScoredDocumentWriter.Producers producers,
            ScorerOutput output) {
        this.settings = settings;
        this.model = model;
        this.splits = new SplitCheck(settings.deadLetterPositions());
        this.origins = new OriginCheck(ScoreOrigin.of(model, settings.maxWindows()), mixed);
        this.producers = producers;
        this.output = output;
        this.transactionalId = settings.topics().group(FlightRecords.PROGRAM + "." + UUID.randomUUID());
    }

    /**
     * Scores documents as they arrive. Once begun, it waits for a cluster that does not answer.
     *
     * @param wait whether to wait for the topic of documents, rather than fail where it does not exist
     * @param patience null to run until stopped; otherwise it ends when all is scored that is there now, and fails when
     *     it has had to wait so long for the end of an open transaction
     * @throws ProgramFailure if the cluster or the topics cannot be used, or not everything could be reached
     */
    void follow(Stop stop, @Nullable Duration patience, boolean wait) {
        guard(String.valueOf(settings.kafka().get("bootstrap.servers")), () -> {
            try (Admin admin = Admin.create(settings.kafka())) {
                if (prepare(new TopicAdmin(admin, settings.replication()), stop, wait)) {
                    outlive(stop, admin, patience);
                }
            }
        });
    }

    private boolean prepare(TopicAdmin admin, Stop stop, boolean wait) {
        Topics topics = settings.topics();
        if (!admin.require(topics.documents().name(), topics.prefix(), wait, stop::requested)) {
            return false;
        }
        admin.ensure(List.of(topics.documents(), topics.scoredDocuments(), topics.deadLetters(FlightRecords.PROGRAM)));
        return true;
    }

    /**
     * Runs something that needs the cluster.
     *
     * @throws ProgramFailure in place of Kafka's errors
     */
    private static void guard(String servers, Runnable work) {
        try {
            work.run();
        } catch (OutageException e) {
            throw new ProgramFailure("no scores can be made with the cluster at " + servers + ": " + e.getMessage(), e);
        } catch (KafkaException | IllegalStateException e) {
            if (ClientFailure.of(e) == ClientFailure.AWAY) {
                throw ProgramFailure.noBroker(servers, e);
            }
            String words = ClientFailure.words(e);
            throw new ProgramFailure(
                    e instanceof KafkaException ? "cannot use the cluster at " + servers + ": " + words : words, e);
        }
    }

    /** Makes new clients after each failure that passes. */
    private void outlive(Stop stop, Admin admin, @Nullable Duration patience) {
        String documents = settings.topics().documents().name();
        CatchUp ends = CatchUp.of(admin, documents, settings.topics().partitions());
        if (ends.reached(Map.of())) {
            if (patience != null) {
                output.nothing(documents);
                return;
            }
            System.err.println("topic " + documents + " is empty; waiting for documents");
        }
        Outage outage = new Outage(patience == null ? null : settings.outagePatience(), stop::requested);
        do {
            try {
                follow(
                        stop,
                        admin,
                        outage,
                        consumer -> patience == null
                                ? null
                                : new UntilCaughtUp(ends, patience, consumer, UntilCaughtUp.LOOK));
                return;
            } catch (KafkaException | IllegalStateException e) {
                outage.outlive(e);
            }
        } while (!stop.requested());
        if (patience != null) {
            throw FollowDocuments.stoppedTooEarly();
        }
    }

    private void follow(
            Stop stop, Admin admin, Outage outage, Function<Consumer<?, ?>, @Nullable UntilCaughtUp> moment) {
        Topics topics = settings.topics();
        try (ScoredTopic scored = new ScoredTopic(
                        Clients.reader(reader(), topics),
                        topics.scoredDocuments().name(),
                        origins,
                        splits,
                        settings.deadLetterPositions());
                ScoredDocumentWriter writer = new ScoredDocumentWriter(transactionalId, producers)) {
            // Refuses at once what would be refused when the group has given out its partitions.
            scored.check(scored.visible());
            Consumer<byte[], byte[]> consumer = Clients.follower(member(), topics, topics.group(FlightRecords.PROGRAM));
            StartPositions starts = new StartPositions(consumer, scored, admin);
            try (FollowDocuments following =
                    new FollowDocuments(settings, consumer, starts, splits, model, writer, output, outage)) {
                following.follow(stop, moment.apply(consumer));
            }
        }
    }

    private Map<String, Object> member() {
        Map<String, Object> member = new LinkedHashMap<>(settings.kafka());
        member.putIfAbsent(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        member.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_POLLED);
        return member;
    }

    private Map<String, Object> reader() {
        Map<String, Object> reader = new LinkedHashMap<>(settings.kafka());
        reader.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        return reader;
    }
}

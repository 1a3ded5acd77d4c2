package org.bandpass.scorer;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

/** Connects the program to a cluster: topics, clients, outages. */
final class Scorer {

    /** A longer wait for more data would only delay the search for the last score. */
    private static final int FETCH_WAIT_MILLIS = 20;
    /** Bounds the memory of one poll of large documents. */
    private static final int MOST_POLLED = 200;

    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final ScorerSettings settings;
    private final ReferenceModel model;
    private final ScoredDocumentWriter.Producers producers;
    private final ScorerTally tally;
    private final String transactionalId;
    private final MixtureCheck mixtures;

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
            ScorerTally tally) {
        this.settings = settings;
        this.model = model;
        this.mixtures =
                new MixtureCheck(settings.deadLetterPositions(), ScoreOrigin.of(model, settings.maxWindows()), mixed);
        this.producers = producers;
        this.tally = tally;
        this.transactionalId = settings.topics().group(FlightRecords.PROGRAM + "." + UUID.randomUUID());
    }

    /**
     * Scores documents as they arrive. After the start it waits for a cluster that does not answer.
     *
     * @param wait whether to wait for the topic of documents if it does not exist
     * @param patience null to run until stopped; otherwise ends when all documents of now are scored, and fails after
     *     waiting this long for the end of an open transaction
     * @throws ProgramFailure if the cluster or the topics cannot be used, or not everything could be scored
     */
    void follow(Stop stop, @Nullable Duration patience, boolean wait) {
        String servers = String.valueOf(settings.kafka().get("bootstrap.servers"));
        try (Admin admin = Admin.create(settings.kafka())) {
            Topics topics = settings.topics();
            TopicAdmin topicAdmin = new TopicAdmin(admin, settings.replication());
            if (topicAdmin.require(topics.documents().name(), topics.prefix(), wait, stop::requested)) {
                topicAdmin.ensure(List.of(
                        topics.documents(), topics.scoredDocuments(), topics.deadLetters(FlightRecords.PROGRAM)));
                outlive(stop, admin, patience);
            }
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

    /** Creates new clients after each failure that may pass. */
    private void outlive(Stop stop, Admin admin, @Nullable Duration patience) {
        String documents = settings.topics().documents().name();
        CatchUp ends = CatchUp.of(admin, documents, settings.topics().partitions());
        if (ends.reached(Map.of())) {
            if (patience != null) {
                tally.nothing(documents);
                return;
            }
            System.err.println("topic " + documents + " is empty; waiting for documents");
        }
        Outage outage = new Outage(patience == null ? null : settings.outagePatience(), stop::requested);
        do {
            try {
                follow(stop, admin, outage, ends, patience);
                return;
            } catch (KafkaException | IllegalStateException e) {
                outage.outlive(e);
            }
        } while (!stop.requested());
        if (patience != null) {
            throw FollowDocuments.stoppedTooEarly();
        }
    }

    private void follow(Stop stop, Admin admin, Outage outage, CatchUp ends, @Nullable Duration patience) {
        Topics topics = settings.topics();
        Consumer<byte[], byte[]> reader =
                Clients.reader(with(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS), topics);
        try (ScoredTopic existing = new ScoredTopic(reader, admin, settings, mixtures);
                ScoredDocumentWriter writer = new ScoredDocumentWriter(transactionalId, producers)) {
            // Refuses now what would be refused later, when the group assigns partitions.
            existing.checkVisible();
            Map<String, Object> member = with(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_POLLED);
            member.putIfAbsent(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
            Consumer<byte[], byte[]> consumer = Clients.follower(member, topics, topics.group(FlightRecords.PROGRAM));
            try (FollowDocuments following =
                    new FollowDocuments(settings, consumer, existing, mixtures, model, writer, tally, outage)) {
                following.follow(stop, patience == null ? null : new UntilCaughtUp(ends, patience, consumer, SILENCE));
            }
        }
    }

    private Map<String, Object> with(String key, Object value) {
        Map<String, Object> client = new LinkedHashMap<>(settings.kafka());
        client.putIfAbsent(key, value);
        return client;
    }
}

package org.bandpass.ingest;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.bandpass.sources.SourceOpener;
import org.bandpass.sources.file.Source;
import org.jspecify.annotations.Nullable;

/**
 * Connects the parts of the program with a cluster: topics, producer, earlier progress, reading and writing thread.
 *
 * @param name name of the ingest; only one of a name runs at a time
 */
record Ingest(IngestSettings settings, SourceOpener opener, String name, IngestOutput output) {

    /** Short enough that a killed ingest does not block readers for long; long enough for a slow commit. */
    private static final int COMMIT_MILLIS = 30_000;

    /**
     * Ingests sources.
     *
     * @param stored receives how many more stored bytes were read or skipped
     * @param following whether to wait out an outage of any length
     * @return whether all were read; false if a stop was requested first
     * @throws ProgramFailure if the cluster cannot be used, or was away for too long
     */
    boolean run(Iterator<Source> sources, LongConsumer stored, Stop stop, boolean following) {
        Duration patience = following ? null : settings.patience();
        ProgressEnd end = new ProgressEnd(settings, name);
        ProgressRecords progress = new ProgressRecords(settings.topics(), name);
        try (TokenizingThreads tokenizing = TokenizingThreads.start(settings.sequences())) {
            prepareTopics();
            // First, so that no other ingest of this name can write after its progress is read here.
            try (TransactionWriter writer =
                    new TransactionWriter(this::producer, end, transactionTimeout(), patience, stop)) {
                EarlierIngests earlier =
                        EarlierIngests.read(settings, name, UnitAgreement.of(settings, tokenizing), end);
                AdmittedIds ids = new AdmittedIds(settings, progress, earlier.blocks());
                if (tokenizing == null && !earlier.kept() && !ids.renew(earlier.window(), writer)) {
                    return false;
                }
                UnitRecords units = tokenizing == null
                        ? new UnitRecords(settings.topics(), ids, earlier.admitted())
                        : new SequenceRecords(progress, tokenizing, earlier, ids, output);
                Admission admission = new Admission(settings, name, earlier.window(), tokenizing);
                SourceLoader loader = new SourceLoader(opener, admission, earlier.read(), stored);
                try (ReadingThread reader = ReadingThread.start(decisions -> loader.load(sources, decisions))) {
                    return new DocumentTransactions(settings, progress, writer, units, output, earlier.progress())
                            .carryOut(reader, stop);
                }
            }
        } catch (TimeoutException e) {
            throw ProgramFailure.noBroker(servers(), e);
        } catch (SerializationException e) {
            throw new ProgramFailure(String.valueOf(e.getMessage()), e);
        } catch (KafkaException e) {
            throw new ProgramFailure("cannot use the cluster at " + servers() + ": " + ClientFailure.words(e), e);
        }
    }

    private Duration transactionTimeout() {
        Object millis = settings.kafka()
                .getOrDefault(
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        settings.batch().millis() + COMMIT_MILLIS);
        return Duration.ofMillis(Long.parseLong(millis.toString().strip()));
    }

    private Producer<byte[], byte[]> producer() {
        Map<String, Object> kafka = new LinkedHashMap<>(settings.kafka());
        kafka.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int)
                transactionTimeout().toMillis());
        String id = settings.topics().group(DocumentTransactions.PROGRAM + "." + name);
        return Clients.transactional(kafka, settings.topics(), id);
    }

    /** Creates the topics that are written; no topic is only read. */
    private void prepareTopics() {
        Topics topics = settings.topics();
        List<TopicSpec> written =
                List.of(topics.documents(), topics.ingestProgress(), topics.deadLetters(DocumentTransactions.PROGRAM));
        try (Admin admin = Admin.create(settings.kafka())) {
            new TopicAdmin(admin, settings.replication()).ensure(written);
            remarkOnLimits(admin, written);
        } catch (IllegalStateException e) {
            throw ClientFailure.cause(e, TimeoutException.class) == null
                    ? new ProgramFailure(e.getMessage(), e)
                    : ProgramFailure.noBroker(servers(), e);
        }
    }

    /** Remarks on topics that take only smaller records than ours may be, as others may have created them. */
    private void remarkOnLimits(Admin admin, List<TopicSpec> topics) {
        Map<TopicSpec, ConfigResource> resources = new LinkedHashMap<>();
        topics.forEach(topic -> resources.put(topic, new ConfigResource(ConfigResource.Type.TOPIC, topic.name())));
        try {
            // One request: a cluster that does not answer is waited for once.
            Map<ConfigResource, Config> configs =
                    admin.describeConfigs(resources.values()).all().get();
            resources.forEach((topic, resource) -> remarkOnLimit(topic, configs.get(resource)));
        } catch (ExecutionException e) {
            // The user may not be allowed to ask; a record that is too large is found when it is written.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void remarkOnLimit(TopicSpec topic, @Nullable Config config) {
        ConfigEntry limit = config == null ? null : config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (limit != null && Long.parseLong(limit.value()) < topic.maxRecordBytes()) {
            output.say("topic " + topic.name() + " takes records of " + limit.value() + " bytes ("
                    + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + "), compressed; document.max.bytes allows records of "
                    + topic.maxRecordBytes() + ". A document that the cluster refuses becomes a dead letter: raise"
                    + " the topic's limit, or lower document.max.bytes");
        }
    }

    private String servers() {
        return String.valueOf(settings.kafka().get("bootstrap.servers"));
    }
}

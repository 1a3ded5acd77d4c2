package org.bandpass.ingest;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
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

/** Wires the program to a cluster: topics, producer, what earlier ingests left, the reading and the writing thread. */
final class Ingest {

    private final IngestSettings settings;
    private final SourceOpener opener;
    private final String name;
    private final IngestOutput output;

    /**
     * Prepares nothing yet.
     *
     * @param opener opens sources
     * @param name name of the ingest, of which one is live at a time
     */
    Ingest(IngestSettings settings, SourceOpener opener, String name, IngestOutput output) {
        this.settings = settings;
        this.opener = opener;
        this.name = name;
        this.output = output;
    }

    /**
     * Ingests sources.
     *
     * @param stored receives how many more stored bytes were read or skipped
     * @return whether all were read, rather than a stop requested before
     * @throws ProgramFailure if the cluster cannot be used, or was away for too long
     */
    boolean run(Iterator<Source> sources, LongConsumer stored, Stop stop) {
        return run(sources, stored, stop, settings.patience());
    }

    /** Does the same, and outlives an outage of any length. */
    boolean follow(Iterator<Source> sources, LongConsumer stored, Stop stop) {
        return run(sources, stored, stop, null);
    }

    private boolean run(Iterator<Source> sources, LongConsumer stored, Stop stop, @Nullable Duration patience) {
        ProgressEnd end = new ProgressEnd(settings, name);
        try (TokenizingThreads tokenizing = TokenizingThreads.start(settings.sequences())) {
            prepareTopics();
            // First of all: another ingest of this name can write no more once its progress is read here.
            try (TransactionWriter writer =
                    new TransactionWriter(this::producer, end, transactionTimeout(), patience, stop)) {
                PackingRules packing = tokenizing == null ? null : tokenizing.rules(settings.required());
                EarlierIngests earlier = EarlierIngests.read(settings, name, UnitAgreement.of(settings, packing), end);
                AdmittedIds ids = new AdmittedIds(settings, name, earlier.blocks());
                if (packing == null && !earlier.kept() && !ids.renew(earlier.window(), writer)) {
                    return false;
                }
                UnitRecords units = packing == null
                        ? new DocumentRecords(settings.topics(), ids)
                        : new SequenceRecords(settings.topics(), name, packing, earlier, ids, output);
                Admission admission = new Admission(settings, name, earlier.window(), earlier.admitted(), tokenizing);
                SourceLoader loader = new SourceLoader(opener, admission, earlier.read(), stored);
                try (ReadingThread reader = ReadingThread.start(decisions -> loader.load(sources, decisions))) {
                    return new DocumentTransactions(settings, name, writer, units, output, earlier.progress())
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
        Object set = settings.kafka().get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        return Duration.ofMillis(
                set == null
                        ? DocumentTransactions.timeoutMillis(settings.batch())
                        : Long.parseLong(set.toString().strip()));
    }

    private Producer<byte[], byte[]> producer() {
        Map<String, Object> kafka = new LinkedHashMap<>(settings.kafka());
        kafka.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int)
                transactionTimeout().toMillis());
        String id = settings.topics().group(DocumentTransactions.PROGRAM + "." + name);
        return Clients.transactional(kafka, settings.topics(), id);
    }

    /** Creates the topics that are written; there is none that is only read. */
    private void prepareTopics() {
        Topics topics = settings.topics();
        List<TopicSpec> written =
                List.of(topics.documents(), topics.ingestProgress(), topics.deadLetters(DocumentTransactions.PROGRAM));
        try (Admin admin = Admin.create(settings.kafka())) {
            new TopicAdmin(admin, settings.replication()).ensure(written);
            TopicLimits.remarks(admin, written).forEach(output::say);
        } catch (IllegalStateException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof TimeoutException) {
                    throw ProgramFailure.noBroker(servers(), e);
                }
            }
            throw new ProgramFailure(e.getMessage(), e);
        }
    }

    private String servers() {
        return String.valueOf(settings.kafka().get("bootstrap.servers"));
    }
}

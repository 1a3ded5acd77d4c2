package org.bandpass.ingest;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;

/** Wires the program to a cluster: topics, producer, what earlier ingests left, the reading and the writing thread. */
final class Ingest {

    private final IngestSettings settings;
    private final String name;
    private final IngestOutput output;

    /**
     * Prepares nothing yet.
     *
     * @param name name of the ingest, of which one is live at a time
     */
    Ingest(IngestSettings settings, String name, IngestOutput output) {
        this.settings = settings;
        this.name = name;
        this.output = output;
    }

    /**
     * Ingests sources.
     *
     * @param stored is told how many more stored bytes were read or are skipped
     * @return whether all were read, rather than a stop requested before
     * @throws ProgramFailure if the cluster cannot be used
     */
    boolean run(Iterator<Source> sources, LongConsumer stored, Stop stop) {
        try (TokenizingThreads tokenizing = TokenizingThreads.start(settings.sequences());
                Producer<byte[], byte[]> producer = producer()) {
            createTopics();
            // First of all: another ingest of this name can write no more once its progress is read here.
            producer.initTransactions();
            PackingRules packing = tokenizing == null ? null : tokenizing.rules(settings.required());
            EarlierIngests earlier = EarlierIngests.read(settings, name, UnitAgreement.of(settings, packing));
            UnitRecords units = packing == null
                    ? new DocumentRecords(settings.topics())
                    : new SequenceRecords(settings, name, packing, earlier.packing(), output);
            Admission admission = new Admission(settings, name, earlier.window(), earlier.admitted(), tokenizing);
            SourceLoader loader = new SourceLoader(new SourceOpener(settings), admission, earlier.progress(), stored);
            try (ReadingThread reader = ReadingThread.start(decisions -> loader.load(sources, decisions))) {
                return new DocumentTransactions(settings, name, producer, units, output).carryOut(reader, stop);
            }
        } catch (TimeoutException e) {
            throw ProgramFailure.noBroker(servers(), e);
        } catch (KafkaException e) {
            throw new ProgramFailure("cannot use the cluster at " + servers() + ": " + e.getMessage(), e);
        }
    }

    private Producer<byte[], byte[]> producer() {
        Map<String, Object> kafka = new LinkedHashMap<>(settings.kafka());
        kafka.putIfAbsent(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, DocumentTransactions.timeoutMillis(settings.batch()));
        String id = settings.topics().group(DocumentTransactions.PROGRAM + "." + name);
        return Clients.transactional(kafka, settings.topics(), id);
    }

    private void createTopics() {
        Topics topics = settings.topics();
        try (Admin admin = Admin.create(settings.kafka())) {
            new TopicAdmin(admin, settings.replication())
                    .ensure(List.of(
                            topics.documents(),
                            topics.ingestProgress(),
                            topics.deadLetters(DocumentTransactions.PROGRAM)));
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

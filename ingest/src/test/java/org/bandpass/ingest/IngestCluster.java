package org.bandpass.ingest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.UnreadableRecord;

/** Topics of one test on a real broker, with a separate prefix and a separate reader. */
final class IngestCluster implements AutoCloseable {

    static final int PARTITIONS = 3;

    private static final AtomicInteger NEXT = new AtomicInteger();

    private final EmbeddedBroker broker;
    private final Admin admin;
    private final Topics topics =
            new Topics("ingest-" + NEXT.incrementAndGet() + ".", PARTITIONS, Topics.DEFAULT_MAX_DOCUMENT_BYTES);

    IngestCluster(EmbeddedBroker broker) {
        this.broker = broker;
        this.admin = Admin.create(broker.client());
    }

    Topics topics() {
        return topics;
    }

    Map<String, Object> client() {
        Map<String, Object> client = new LinkedHashMap<>(broker.client());
        client.put("fetch.max.wait.ms", 20);
        return client;
    }

    /** Returns the arguments for this cluster, and more. */
    List<String> arguments(String... more) {
        return Stream.concat(
                        Stream.of(
                                "--bootstrap-servers",
                                broker.bootstrapServers(),
                                "--set",
                                "topic.prefix=" + topics.prefix(),
                                "--set",
                                "topic.partitions=" + PARTITIONS),
                        Stream.of(more))
                .toList();
    }

    /** Executes the command with arguments as typed. */
    CommandRun ingest(String... arguments) {
        return CommandRun.by(arguments(arguments));
    }

    CommandRun ingest(Path file, String... arguments) {
        return CommandRun.by(Stream.concat(arguments(arguments).stream(), Stream.of(file.toString()))
                .toList());
    }

    /** Returns the committed records of documents by partition. */
    List<ConsumerRecord<byte[], byte[]>> records() {
        return records(topics.documents().name());
    }

    List<Document> documents() {
        AvroSerde<Document> serde = AvroSerde.of(Document.class);
        return records().stream().map(record -> serde.read(record.value())).toList();
    }

    /** Returns the ids of the committed documents in order, by partition. */
    List<List<String>> ids() {
        List<List<String>> ids = new ArrayList<>();
        for (int p = 0; p < PARTITIONS; p++) {
            ids.add(new ArrayList<>());
        }
        records()
                .forEach(
                        record -> ids.get(record.partition()).add(new String(record.key(), StandardCharsets.US_ASCII)));
        return ids;
    }

    List<DeadLetter> deadLetters() {
        return values(topics.deadLetters("ingest").name(), DeadLetter.class);
    }

    /** Returns the latest progress by key. */
    Map<String, IngestProgress> progress() {
        try (Consumer<byte[], byte[]> consumer = Clients.reader(client(), topics)) {
            return CompactedTopic.read(
                    admin, consumer, topics.ingestProgress().name(), IngestProgress.class, UnreadableRecord.stop());
        }
    }

    /** Returns the keys of all progress records, in order. */
    List<String> keysOfProgress() {
        return records(topics.ingestProgress().name()).stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .toList();
    }

    /** Returns the latest progress of files by key. */
    Map<String, IngestProgress> files() {
        Map<String, IngestProgress> files = progress();
        files.values().removeIf(each -> each.getRemainder() != null);
        return files;
    }

    /** Returns the number of offsets in documents, committed or not; 0 if there is no topic. */
    long written() {
        String topic = topics.documents().name();
        if (new TopicAdmin(admin, (short) 1).partitions(topic) == null) {
            return 0;
        }
        return CatchUp.of(admin, topic, PARTITIONS).ends().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Waits until documents has so many offsets, or the writer has ended. */
    void awaitWritten(long offsets, BooleanSupplier working) throws InterruptedException {
        while (written() < offsets && working.getAsBoolean()) {
            // Polls often, but leaves the processors to the writers.
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Returns the number of committed documents; 0 if there is no topic. */
    long committed() {
        return written() == 0 ? 0 : records().size();
    }

    private <T extends SpecificRecord> List<T> values(String topic, Class<T> type) {
        AvroSerde<T> serde = AvroSerde.of(type);
        return records(topic).stream().map(record -> serde.read(record.value())).toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = Clients.reader(client(), topics)) {
            OffsetSnapshot.written(admin, consumer, topic).read(consumer, records::add);
        }
        return records;
    }

    @Override
    public void close() {
        admin.close();
    }
}

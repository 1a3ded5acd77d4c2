package org.bandpass.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.ingest.IngestCommand;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.service.Settings;
import org.bandpass.sources.SourceOpener;
import org.bandpass.sources.file.Source;
import picocli.CommandLine;

/**
 * The ingest command, against its reader alone, which makes nothing of the records, and a bare transactional producer that
 * is given the finished documents: the same files, documents, topics and transactions.
 */
final class IngestRace implements AutoCloseable {

    private static final double NANOS = 1e9;
    private static final short REPLICATION = 1;

    /**
     * One run of each, in seconds.
     *
     * @param ingest the command, without what it takes for an empty file
     * @param reader from the first byte read to the last record
     * @param producer from the first document sent to the last commit
     */
    record Round(double ingest, double reader, double producer) {}

    private final EmbeddedBroker broker = EmbeddedBroker.start();
    private final Path empty;
    private final List<String> files = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> documents = new ArrayList<>();
    private final long textBytes;

    /**
     * Copies files until there is enough text, and keeps the documents that come of them.
     *
     * @param scratch where the copies go
     * @param named names of files, as for ingest
     * @param textBytes UTF-8 bytes of text to reach
     */
    IngestRace(Path scratch, List<String> named, long textBytes) throws IOException {
        empty = Files.createFile(scratch.resolve("empty.jsonl"));
        List<Source> given = SampleTexts.sources(named);
        long once = ingest("once", named).get("bytes").asLong();
        delete(topics("once"));
        for (int copy = 0; copy * once < textBytes; copy++) {
            for (Source source : given) {
                Path to = scratch.resolve(copy + "-" + source.fileName());
                Files.copy(Path.of(source.name()), to);
                files.add(to.toString());
            }
        }
        this.textBytes = ingest("all", files).get("bytes").asLong();
        Topics topics = topics("all");
        try (Consumer<byte[], byte[]> consumer = Clients.reader(broker.client(), topics)) {
            OffsetSnapshot.visible(consumer, topics.documents().name()).read(consumer, documents::add);
        }
        // Documents go round the partitions, so this is the order in which they were written.
        documents.sort(Comparator.comparingLong(ConsumerRecord<byte[], byte[]>::offset)
                .thenComparingInt(ConsumerRecord::partition));
        delete(topics);
    }

    /** Returns the text of all documents, bytes. */
    long textBytes() {
        return textBytes;
    }

    /** Returns how many documents there are. */
    int documents() {
        return documents.size();
    }

    /** Lets each run once, in an order that changes with the number. */
    Round round(int number) throws IOException {
        double[] seconds = new double[3];
        for (int i = 0; i < seconds.length; i++) {
            int which = (number + i) % seconds.length;
            seconds[which] = which == 0 ? ingest(number) : which == 1 ? reader() : producer(number);
        }
        return new Round(seconds[0], seconds[1], seconds[2]);
    }

    private double ingest(int number) {
        double start = timed("start-" + number, List.of(empty.toString()), 0);
        return timed("ingest-" + number, files, documents.size()) - start;
    }

    private double timed(String prefix, List<String> names, int expected) {
        long began = System.nanoTime();
        JsonNode counts = ingest(prefix, names);
        double seconds = (System.nanoTime() - began) / NANOS;
        if (counts.get("ingested").asInt() != expected) {
            throw new IllegalStateException("ingested " + counts);
        }
        delete(topics(prefix));
        return seconds;
    }

    /** Runs the command and returns its counts. */
    private JsonNode ingest(String prefix, List<String> names) {
        List<String> arguments = new ArrayList<>(List.of(options(prefix)));
        arguments.addAll(List.of("--name", "race", "--json"));
        arguments.addAll(names);
        StringWriter out = new StringWriter();
        StringWriter talk = new StringWriter();
        int code = new CommandLine(new IngestCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(talk))
                .execute(arguments.toArray(String[]::new));
        try {
            if (code == 0) {
                return new ObjectMapper().readTree(out.toString());
            }
            throw new IllegalStateException("ingest failed with " + code + ": " + talk);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("ingest printed " + out, e);
        }
    }

    private String[] options(String prefix) {
        return new String[] {
            "--bootstrap-servers",
            broker.bootstrapServers(),
            "--set",
            "topic.prefix=" + prefix + ".",
            "--set",
            "ingest.duplicates.window=0"
        };
    }

    private Settings settings(String prefix) {
        return GivenSettings.of(IngestCommand.settings(), options(prefix));
    }

    private Topics topics(String prefix) {
        Settings settings = settings(prefix);
        return new Topics(settings.topicPrefix(), settings.topicPartitions(), settings.documentMaxBytes());
    }

    private double reader() throws IOException {
        SourceOpener opener = SourceOpener.usual(false);
        List<Source> sources = SampleTexts.sources(files);
        long began = System.nanoTime();
        for (Source source : sources) {
            IOException failure = opener.read(source, 0, stored -> {}, record -> {});
            if (failure != null) {
                throw failure;
            }
        }
        return (System.nanoTime() - began) / NANOS;
    }

    private double producer(int number) {
        String prefix = "producer-" + number;
        Settings settings = settings(prefix);
        Topics topics = topics(prefix);
        int mostRecords = settings.integer("ingest.batch.records");
        long mostBytes = settings.longInteger("ingest.batch.bytes");
        Map<String, Object> client = broker.client();
        try (Admin admin = Admin.create(client);
                Producer<byte[], byte[]> producer = Clients.transactional(client, topics, "race")) {
            new TopicAdmin(admin, REPLICATION).ensure(List.of(topics.documents()));
            producer.initTransactions();
            long began = System.nanoTime();
            int records = 0;
            long bytes = 0;
            producer.beginTransaction();
            for (ConsumerRecord<byte[], byte[]> document : documents) {
                producer.send(new ProducerRecord<>(
                        topics.documents().name(),
                        document.partition(),
                        document.key(),
                        document.value(),
                        document.headers()));
                records++;
                bytes += document.value().length;
                if (records >= mostRecords || bytes >= mostBytes) {
                    Clients.commit(producer);
                    producer.beginTransaction();
                    records = 0;
                    bytes = 0;
                }
            }
            Clients.commit(producer);
            return (System.nanoTime() - began) / NANOS;
        } finally {
            delete(topics);
        }
    }

    /** Several rounds would fill the disk. */
    private void delete(Topics topics) {
        try (Admin admin = Admin.create(broker.client())) {
            admin.deleteTopics(
                    List.of(topics.documents()).stream().map(TopicSpec::name).toList());
            admin.close(Duration.ofSeconds(10));
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}

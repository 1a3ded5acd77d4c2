package org.bandpass.ingest;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.ingest.Decision.Admitted;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.service.Progress;
import org.bandpass.service.Stop;

/**
 * Ingest as it runs, against its reader alone, which makes nothing of the records, and a bare transactional producer that
 * is given the finished documents: the same files, documents, topics and transactions.
 */
public final class IngestRace implements AutoCloseable {

    private static final double NANOS = 1e9;

    /**
     * One run of each, in seconds.
     *
     * @param ingest from the first byte read to the last commit
     * @param reader from the first byte read to the last record
     * @param producer from the first document sent to the last commit
     */
    public record Round(double ingest, double reader, double producer) {}

    private final EmbeddedBroker broker = EmbeddedBroker.start();
    private final List<Source> sources;
    private final List<Admitted> documents = new ArrayList<>();

    /**
     * Copies files until there is enough text, and keeps the documents that come of them.
     *
     * @param scratch where the copies go
     * @param files names of files, as for ingest
     * @param textBytes UTF-8 bytes of text to reach
     */
    public IngestRace(Path scratch, List<String> files, long textBytes) throws IOException {
        List<Source> given = SampleTexts.sources(files, settings("once."));
        long once = given.stream()
                .mapToLong(source -> load(settings("once."), source))
                .sum();
        documents.clear();
        List<String> copies = new ArrayList<>();
        for (int copy = 0; copy * once < textBytes; copy++) {
            for (Source source : given) {
                Path to = scratch.resolve(copy + "-" + source.fileName());
                Files.copy(Path.of(source.name()), to);
                copies.add(to.toString());
            }
        }
        sources = SampleTexts.sources(copies, settings("all."));
        sources.forEach(source -> load(settings("all."), source));
    }

    private IngestSettings settings(String prefix) {
        return SampleTexts.settings(
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--set",
                "topic.prefix=" + prefix,
                "--set",
                IngestSettings.WINDOW + "=0");
    }

    /** Keeps the documents of a source and returns their text, bytes. */
    private long load(IngestSettings settings, Source source) {
        long[] bytes = new long[1];
        Admission admission = new Admission(settings, "race", new DuplicateWindow(0), documents.size(), null);
        new SourceLoader(new SourceOpener(settings), admission, Map.of(), stored -> {})
                .load(List.of(source).iterator(), decision -> {
                    if (decision instanceof Admitted admitted) {
                        documents.add(admitted);
                        bytes[0] += admitted.textBytes();
                    }
                });
        return bytes[0];
    }

    /** Returns the text of all documents, bytes. */
    public long textBytes() {
        return documents.stream().mapToLong(Admitted::textBytes).sum();
    }

    /** Returns how many documents there are. */
    public int documents() {
        return documents.size();
    }

    /** Lets each run once, in an order that changes with the number. */
    public Round round(int number) {
        double[] seconds = new double[3];
        for (int i = 0; i < seconds.length; i++) {
            int which = (number + i) % seconds.length;
            seconds[which] = which == 0 ? ingest(number) : which == 1 ? reader() : producer(number);
        }
        return new Round(seconds[0], seconds[1], seconds[2]);
    }

    private double ingest(int number) {
        IngestSettings settings = settings("ingest-" + number + ".");
        long[] began = new long[1];
        try (Stop never = Stop.byRequest();
                Progress progress = Progress.start("ingesting", "bytes", 0)) {
            IngestOutput output = new IngestOutput(
                    new PrintWriter(new StringWriter()), progress, new IngestMeters(new SimpleMeterRegistry()));
            new Ingest(settings, "race", output)
                    .run(sources.iterator(), stored -> began[0] = began[0] == 0 ? System.nanoTime() : began[0], never);
            double seconds = (System.nanoTime() - began[0]) / NANOS;
            if (output.json().get("ingested").asInt() != documents.size()) {
                throw new IllegalStateException("ingested " + output.json());
            }
            return seconds;
        } finally {
            delete(settings.topics());
        }
    }

    private double reader() {
        SourceOpener opener = new SourceOpener(settings("reader."));
        long began = System.nanoTime();
        for (Source source : sources) {
            try (RecordReader reader = opener.open(source, stored -> {})) {
                SourceRecord record = reader.next();
                while (record != null) {
                    record = reader.next();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return (System.nanoTime() - began) / NANOS;
    }

    private double producer(int number) {
        IngestSettings settings = settings("producer-" + number + ".");
        Topics topics = settings.topics();
        try (Admin admin = Admin.create(broker.client());
                Producer<byte[], byte[]> producer = Clients.transactional(broker.client(), topics, "race")) {
            new TopicAdmin(admin, settings.replication()).ensure(List.of(topics.documents()));
            producer.initTransactions();
            long began = System.nanoTime();
            int records = 0;
            long bytes = 0;
            producer.beginTransaction();
            for (Admitted document : documents) {
                producer.send(DocumentRecords.record(
                        topics, document.ordinal(), document.id(), document.part(), document.value()));
                records++;
                bytes += document.value().length;
                if (records >= settings.batch().records()
                        || bytes >= settings.batch().bytes()) {
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

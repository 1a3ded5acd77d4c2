package org.bandpass.selector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.runtime.TestSettings;
import org.bandpass.selector.score.Scored;
import org.bandpass.selector.score.ScoredPosition;
import picocli.CommandLine;

/** Topics of one test on a real broker, under their own prefix, and the commands to run on them. */
final class SelectorCluster implements AutoCloseable {

    static final int PARTITIONS = 3;
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EmbeddedBroker broker;
    private final Topics topics;
    private final Path stateFolder;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;

    SelectorCluster(EmbeddedBroker broker, Path stateFolder) {
        this.broker = broker;
        this.topics = new Topics("test-" + NEXT.incrementAndGet() + ".", PARTITIONS, Topics.DEFAULT_MAX_DOCUMENT_BYTES);
        this.stateFolder = stateFolder;
        this.admin = Admin.create(broker.client());
        TopicAdmin.ensure(admin, List.of(topics.scoredDocuments()));
        this.producer = Clients.transactional(broker.client(), topics, topics.group("test"));
        producer.initTransactions();
    }

    Topics topics() {
        return topics;
    }

    Admin admin() {
        return admin;
    }

    Path stateFolder() {
        return stateFolder;
    }

    /** Writes scored documents in transactions of a thousand, spread over the partitions in turn. */
    void score(List<Scored> documents) {
        for (int from = 0; from < documents.size(); from += 1000) {
            producer.beginTransaction();
            for (int i = from; i < Math.min(documents.size(), from + 1000); i++) {
                send(documents.get(i).id(), documents.get(i).bytes(), i % PARTITIONS);
            }
            Clients.commit(producer);
        }
    }

    /** Writes one record. */
    void score(String key, byte[] value, int partition) {
        producer.beginTransaction();
        send(key, value, partition);
        Clients.commit(producer);
    }

    /** Writes a record in a transaction that is aborted. */
    void abort(String key, byte[] value, int partition) {
        producer.beginTransaction();
        send(key, value, partition);
        producer.flush();
        producer.abortTransaction();
    }

    private void send(String key, byte[] value, int partition) {
        producer.send(new ProducerRecord<>(
                topics.scoredDocuments().name(), partition, 1_700_000_000_000L, HeaderNames.bytes(key), value));
    }

    /** Writes to any topic. */
    void write(List<ProducerRecord<byte[], byte[]>> records) {
        producer.beginTransaction();
        records.forEach(producer::send);
        Clients.commit(producer);
    }

    /** Returns every committed record, partition by partition. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = reader()) {
            OffsetSnapshot.written(admin, consumer, topic).read(consumer, records::add);
        }
        return records;
    }

    Consumer<byte[], byte[]> reader() {
        Map<String, Object> config = new LinkedHashMap<>(broker.client());
        config.put("fetch.max.wait.ms", 20);
        return Clients.reader(config, topics);
    }

    /** Result of a command. */
    record Outcome(int code, String out, String error) {

        List<JsonNode> json() {
            return out.lines().map(Outcome::parse).toList();
        }

        JsonNode first() {
            if (out.isEmpty()) {
                throw new AssertionError("exit " + code + " without output: " + error);
            }
            return json().get(0);
        }

        private static JsonNode parse(String line) {
            try {
                return JSON.readTree(line);
            } catch (IOException e) {
                throw new IllegalStateException("no JSON: " + line, e);
            }
        }
    }

    /** Runs a command like a user, with the options that connect it to this cluster. */
    Outcome run(Object command, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter error = new StringWriter();
        CommandLine line = new CommandLine(command);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(error));
        line.setExecutionExceptionHandler((thrown, at, parsed) -> {
            error.write(thrown.getMessage());
            return thrown instanceof org.bandpass.service.ConfigurationException ? 3 : 1;
        });
        List<String> all = new ArrayList<>(List.of(arguments));
        boolean nested = line.getSubcommands().containsKey(arguments.length == 0 ? "" : arguments[0]);
        all.addAll(nested ? 1 : 0, options());
        int code = line.execute(all.toArray(String[]::new));
        return new Outcome(code, out.toString(), error.toString());
    }

    List<String> options() {
        return List.of(
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--set",
                "topic.prefix=" + topics.prefix(),
                "--set",
                "topic.partitions=" + PARTITIONS);
    }

    Outcome calibrate(String... more) {
        return run(new CalibrateCommand(), with(more, "--until-caught-up", "--json", "--state-dir", stateFolder + ""));
    }

    Outcome freeze(String plan, String... more) {
        return run(new CutsCommand(), prepend("freeze", with(more, "--plan", plan, "--json")));
    }

    Outcome select(String... more) {
        return run(new SelectCommand(), with(more, "--until-caught-up", "--json", "--state-dir", stateFolder + ""));
    }

    Outcome audit(String plan) {
        return run(new AuditCommand(), "--plan", plan, "--json");
    }

    private static String[] with(String[] more, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static String[] prepend(String first, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(0, first);
        return all.toArray(String[]::new);
    }

    /** Returns settings that connect to this cluster. */
    SelectorSettings settings(String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.add("kafka.bootstrap.servers=" + broker.bootstrapServers());
        all.add("topic.prefix=" + topics.prefix());
        all.add("topic.partitions=" + PARTITIONS);
        return TestSettings.of(all.toArray(String[]::new));
    }

    /** Returns the scored positions in the headers of a band. */
    List<ScoredPosition> positions(String plan, String band) {
        return records(topics.band(plan, band).name()).stream()
                .map(record -> ScoredPosition.of(record.headers()))
                .toList();
    }

    /** Returns the records of a band by partition: key, value, timestamp and headers except the plan. */
    Map<Integer, List<String>> sequences(String plan, String band) {
        Map<Integer, List<String>> sequences = new LinkedHashMap<>();
        HexFormat hex = HexFormat.of();
        for (ConsumerRecord<byte[], byte[]> record :
                records(topics.band(plan, band).name())) {
            StringBuilder line = new StringBuilder(hex.formatHex(record.key()) + " " + hex.formatHex(record.value())
                    + " " + record.timestampType() + " " + record.timestamp());
            for (Header header : record.headers()) {
                if (!header.key().equals(HeaderNames.PLAN)) {
                    line.append(' ').append(header.key()).append('=').append(hex.formatHex(header.value()));
                }
            }
            sequences
                    .computeIfAbsent(record.partition(), p -> new ArrayList<>())
                    .add(line.toString());
        }
        return sequences;
    }

    Set<String> topicNames() {
        try {
            return admin.listTopics().names().get().stream()
                    .filter(topic -> topic.startsWith(topics.prefix()))
                    .collect(Collectors.toSet());
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void deleteGroup(String program) {
        try {
            admin.deleteConsumerGroups(List.of(topics.group(program))).all().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }
}

package org.bandpass.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.digest.ScoreSketch;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.router.PlanRouter;
import org.bandpass.selector.runtime.DeadLetters;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.RecordEnds;
import org.bandpass.selector.runtime.SelectorSettings;
import org.bandpass.selector.runtime.StreamsProgram;
import org.bandpass.selector.runtime.StreamsSettings;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.jspecify.annotations.Nullable;

/**
 * A router of one plan with low and high at r = 0.5 against a topology that only passes records on: the same topic, value
 * bytes, guarantees and commit interval. Speed is that between the first commit and the last, without the start.
 */
final class RouterRace implements AutoCloseable {

    private static final String MODEL = "0123456789abcdef";
    private static final List<String> BANDS = List.of("low", "high");
    private static final OperatingSystemMXBean CPU = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final Duration POLL = Duration.ofMillis(20);

    /**
     * One run over the topic.
     *
     * @param speed documents a second
     * @param cpuMicros processor time of the whole process, broker included, microseconds a document
     */
    record Lap(double speed, double cpuMicros) {}

    /** One run of each. */
    record Round(Lap passing, Lap routing) {}

    private final Path folder;
    private final EmbeddedBroker broker;
    private final SelectorSettings settings;
    private final KafkaCluster cluster;
    private final Telemetry telemetry = new ProgramOptions().telemetry("bench");
    private final Plan plan;
    private long routed;

    /**
     * Fills a topic of an own broker.
     *
     * @param folder for local state
     * @param texts documents, taken in turns
     * @param documents how many records
     */
    RouterRace(Path folder, List<String> texts, int documents) {
        this.folder = folder;
        this.broker = EmbeddedBroker.start();
        this.settings = SelectorSettings.of(
                GivenSettings.of(SelectorSettings.definition(), "--bootstrap-servers", broker.bootstrapServers()));
        this.cluster = KafkaCluster.open(settings);
        this.plan = fill(texts, documents);
    }

    private Plan fill(List<String> texts, int documents) {
        Topics topics = settings.topics();
        String scored = topics.scoredDocuments().name();
        cluster.ensure(List.of(topics.scoredDocuments()));
        SplittableRandom random = new SplittableRandom(1);
        double[] scores = new double[documents];
        AvroSerde<ScoredDocument> serde = AvroSerde.of(ScoredDocument.class);
        try (Producer<byte[], byte[]> producer = Clients.producer(settings.client(), topics)) {
            for (int i = 0; i < documents; i++) {
                scores[i] = 3 * Math.exp(0.3 * random.nextGaussian());
                byte[] value = serde.write(document(texts.get(i % texts.size()), scores[i], i));
                byte[] key = HeaderNames.bytes("%032x".formatted(i));
                producer.send(new ProducerRecord<>(scored, i % topics.partitions(), key, value));
            }
        }
        byte[] digest = ScoreSketch.add(new byte[0], scores, documents);
        Cuts cuts = Cuts.newBuilder()
                .setScoredTopic(scored)
                .setModelRevision(MODEL)
                .setStratum(Stratification.ALL_SCORES)
                .setVersion(1)
                .setCount(documents)
                .setCovered(List.of())
                .setDigest(ByteBuffer.wrap(digest))
                .setRankErrorBound(RankTable.of(digest).rankErrorBound())
                .build();
        return Plan.newBuilder()
                .setName("race")
                .setBands(BANDS.stream().map(band -> PlanBands.named(band, 0.5)).toList())
                .setCutMode(CutMode.FROZEN)
                .setScoredTopic(scored)
                .setModelRevision(MODEL)
                .setCutsVersion(1)
                .setCuts(List.of(cuts))
                .build();
    }

    private static ScoredDocument document(String text, double meanNll, int i) {
        long tokens = Math.max(1, text.length() / 4);
        return ScoredDocument.newBuilder()
                .setScore(new Score(
                        meanNll * tokens, tokens, (long) text.length(), 1, false, MODEL, "tokenizer", null, null, null))
                .setDocument(Document.newBuilder()
                        .setId("%032x".formatted(i))
                        .setSplit(new Split(1, 0.05, 0.2).stamp(SplitPart.FINAL))
                        .setSource("bench")
                        .setDomain("domain-" + i % 15)
                        .setLanguage("en")
                        .setBytes(text.length())
                        .setText(text)
                        .build())
                .build();
    }

    /** Lets both run once over the whole topic; which goes first changes with the number. */
    Round round(int number) {
        if (number % 2 == 0) {
            Lap passing = pass("pass-" + number);
            return new Round(passing, route("route-" + number));
        }
        Lap routing = route("route-" + number);
        return new Round(pass("pass-" + number), routing);
    }

    /** Returns how many records the bands of the last round hold. */
    long routed() {
        return routed;
    }

    private Lap pass(String name) {
        Topics topics = settings.topics();
        String scored = plan.getScoredTopic();
        String program = "bench." + name;
        TopicSpec to = topics.band(name, "low");
        cluster.ensure(List.of(to, topics.deadLetters(PlanRouter.PROGRAM)));
        cluster.startAt(topics.group(program), scored, Map.of());
        DeadLetters.Address letters =
                new DeadLetters.Address(settings, PlanRouter.PROGRAM, null, new SimpleMeterRegistry());
        Properties config = StreamsSettings.of(program, letters, folder);
        Lap lap;
        try (StreamsProgram passing =
                new StreamsProgram(() -> passing(config, scored, to.name()), config, cluster::answers)) {
            lap = measure(passing::check, topics.group(program));
        }
        delete(List.of(to));
        return lap;
    }

    private Lap route(String name) {
        Topics topics = settings.topics();
        Plan named = Plan.newBuilder(plan).setName(name).build();
        Lap lap;
        try (PlanRouter router = new PlanRouter(cluster, named, folder, telemetry)) {
            lap = measure(router::check, topics.group(PlanRouter.program(named)));
        }
        List<TopicSpec> bands =
                BANDS.stream().map(band -> topics.band(name, band)).toList();
        routed = bands.stream().mapToLong(band -> count(band.name())).sum();
        delete(bands);
        return lap;
    }

    private Lap measure(Runnable check, String group) {
        try (Stop never = Stop.byRequest()) {
            String scored = plan.getScoredTopic();
            RecordEnds ends = cluster.ends(scored);
            long first = 0;
            long firstAt = 0;
            long firstCpu = 0;
            while (true) {
                check.run();
                Map<Integer, Long> at = cluster.positions(group, scored);
                long now = System.nanoTime();
                long position = at.values().stream().mapToLong(Long::longValue).sum();
                if (first == 0 && position > 0) {
                    first = position;
                    firstAt = now;
                    firstCpu = CPU.getProcessCpuTime();
                }
                if (ends.behind(at).isEmpty()) {
                    double documents = position - first;
                    double cpu = (CPU.getProcessCpuTime() - firstCpu) / 1e3;
                    return new Lap(documents / ((now - firstAt) / 1e9), cpu / documents);
                }
                never.await(POLL);
            }
        }
    }

    /** Several rounds would fill the disk. */
    private void delete(List<TopicSpec> bands) {
        try (Admin admin = Admin.create(settings.client())) {
            admin.deleteTopics(bands.stream().map(TopicSpec::name).toList());
        }
    }

    private long count(String topic) {
        long[] count = new long[1];
        cluster.read(topic, record -> count[0]++);
        return count[0];
    }

    private static Topology passing(Properties config, String from, String to) {
        return new Topology(new TopologyConfig(new StreamsConfig(config)))
                .addSource("read", new ByteArrayDeserializer(), new ByteArrayDeserializer(), from)
                .addProcessor("pass", PassOn::new, "read")
                .addSink(
                        "write",
                        to,
                        new ByteArraySerializer(),
                        (Serializer<Placed>) (topic, placed) -> placed.value(),
                        (topic, key, placed, partitions) -> Optional.of(Set.of(placed.partition())),
                        "pass");
    }

    private record Placed(int partition, byte[] value) {}

    /** Sends each record on to its partition. */
    private static final class PassOn implements Processor<byte[], byte[], byte[], Placed> {

        private @Nullable ProcessorContext<byte[], Placed> context;

        @Override
        public void init(ProcessorContext<byte[], Placed> taskContext) {
            context = taskContext;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            if (context != null) {
                context.forward(record.withValue(new Placed(context.taskId().partition(), record.value())));
            }
        }
    }

    @Override
    public void close() {
        cluster.close();
        telemetry.close();
        broker.close();
    }
}

package org.bandpass.eval;

import com.tdunning.math.stats.MergingDigest;
import com.tdunning.math.stats.ScaleFunction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.EvaluationRow;
import org.bandpass.schemas.EvaluationScore;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.SplitStamp;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.schemas.TrainingRun;

/** An invented experiment: records of every kind, written with the production schemas. */
final class ReportedExperiment {

    static final String MODEL = "00112233445566aa";
    static final List<String> BANDS = List.of("low", "medium", "high");

    private static final double[][] EDGES = {{0, 0.5}, {0.25, 0.75}, {0.5, 1}};
    private static final List<String> DOMAINS = List.of(
            "Pile-CC",
            "PubMed Abstracts",
            "Github",
            "MATH + GSM8K",
            "Multilingual (BIG-bench LID)",
            "SpamAssassin Emails",
            "US Law (USLM)",
            "Stacks Project (LaTeX)",
            "Gutenberg (PG-19)",
            "Python PEPs",
            "Wikipedia (en)",
            "StackExchange",
            "ArXiv",
            "<b>USPTO & Backgrounds</b>",
            "NIH ExPorter");

    final List<ScoredDocument> scored = new ArrayList<>();
    final Map<String, List<ScoredDocument>> bands = new HashMap<>();

    private final EmbeddedBroker broker;
    private final Topics topics;
    private final Random random = new Random(17);

    ReportedExperiment(EmbeddedBroker broker, Topics topics) {
        this.broker = broker;
        this.topics = topics;
    }

    /** Writes an experiment over some documents, with a plan, runs and evaluations. */
    void write(int documents) {
        writePlan(documents);
        send(topics.ingestProgress(), "run/file", progress(documents));
        for (int i = 0; i < 3; i++) {
            send(
                    topics.deadLetters("scorer"),
                    "letter-" + i,
                    new DeadLetter("scorer", "no-tokens", "", null, null, null, null, null, null));
        }
        send(topics.trainingRuns(), "reference", run("reference", RunRole.REFERENCE, null, 0));
        send(topics.trainingRuns(), "control", run("control", RunRole.CONTROL, null, 0));
        for (int b = 0; b < BANDS.size(); b++) {
            send(topics.trainingRuns(), BANDS.get(b), run(BANDS.get(b), RunRole.BAND, BANDS.get(b), b + 1));
        }
        for (String again : List.of("control-seed18", "low-seed18")) {
            String band = again.startsWith("control") ? null : "low";
            RunRole role = band == null ? RunRole.CONTROL : RunRole.BAND;
            TrainingRun run = run(again, role, band, band == null ? 0 : 1);
            send(
                    topics.trainingRuns(),
                    again,
                    TrainingRun.newBuilder(run).setSeed(18).build());
        }
        // Records of other types, which the report leaves out.
        send(topics.trainingRuns(), "stray", HeaderNames.bytes("no run"));
        send(topics.evaluations(), "stray/cloze/0-1", HeaderNames.bytes("no result"));
        send(topics.scoredDocuments(), "stray", HeaderNames.bytes("no document"));
        double[] skill = {0, 0, -0.08, 0.01, 0.09};
        List<String> runs = List.of("reference", "control", "low", "medium", "high");
        for (int r = 0; r < runs.size(); r++) {
            evaluate(runs.get(r), skill[r]);
        }
        imported("control", 0.31);
        imported("high", 0.34);
        evaluate("control-seed18", 0.01);
        evaluate("low-seed18", -0.05);
    }

    /** Writes only scored documents, bands and their plan. */
    void writePlan(int documents) {
        create();
        for (int i = 0; i < documents; i++) {
            scored.add(scored(i));
        }
        send(topics.scoredDocuments(), scored);
        rank();
        send(topics.plans(), "run", plan());
    }

    private void create() {
        List<TopicSpec> all = new ArrayList<>(topics.all());
        BANDS.forEach(band -> all.add(topics.band("run", band)));
        try (Admin admin = Admin.create(broker.client())) {
            TopicAdmin.ensure(admin, all);
        }
    }

    /** Writes summaries of stages as programs print them. */
    static void fileStages(Path folder) throws IOException {
        Path stages = Files.createDirectories(folder.resolve("stages"));
        Files.writeString(stages.resolve("ingest.json"), "{\"seconds\":12.5,\"documents\":4000}\n");
        Files.writeString(stages.resolve("tokenizer.json"), "{\"seconds\":4.2}\n");
        Files.writeString(stages.resolve("train-reference.json"), "{\"seconds\":48.0,\"tokens\":600000}\n");
        Files.writeString(
                stages.resolve("score.json"),
                "{\"seconds\":61.2,\"tokensPerSecond\":39876.5,\"paddingFraction\":0.0312,\"maxWindows\":4}\n");
        for (String stage : List.of("calibrate", "freeze", "select")) {
            Files.writeString(stages.resolve(stage + ".json"), "{\"seconds\":3.4}\n");
        }
        for (String run : List.of("control", "low", "medium", "high")) {
            Files.writeString(stages.resolve("train-" + run + ".json"), "{\"seconds\":41.0,\"tokens\":500000}\n");
        }
        Files.writeString(stages.resolve("eval.json"), "{\"seconds\":22.0}\n");
        StringBuilder audit = new StringBuilder();
        for (String band : BANDS) {
            audit.append("{\"plan\":\"run\",\"band\":\"" + band + "\",\"documents\":3000,\"lost\":0,\"doubled\":0,"
                    + "\"misplaced\":1,\"tieMass\":0,\"maxDistanceFromCut\":0.00016,\"rankErrorBound\":0.0004}\n");
        }
        Files.writeString(stages.resolve("audit.json"), audit);
        Files.writeString(
                folder.resolve("run.json"),
                "{\"inputs\":[\"pile-like.jsonl.gz\"],\"bands\":[\"low\",\"medium\",\"high\"],\"rate\":0.5,\"minutes\":4.0,"
                        + "\"seed\":17}\n");
    }

    private ScoredDocument scored(int i) {
        int domain = (int) Math.min(DOMAINS.size() - 1, Math.abs(random.nextGaussian()) * 6);
        double nll = 1.4 + 0.19 * domain + 0.35 * random.nextGaussian() + (random.nextInt(20) == 0 ? 1.5 : 0);
        long tokens = 20 + random.nextInt(700);
        String id = DocumentId.of("document " + i);
        Document document = Document.newBuilder()
                .setId(id)
                .setSplit(new SplitStamp(SplitPart.FINAL, 17L, 0.05, 0.2))
                .setSource("pile-like")
                .setDomain(DOMAINS.get(domain))
                .setBytes(4 * tokens)
                .setText("secret text of a document")
                .build();
        double nats = Math.max(0.05, nll) * tokens;
        return new ScoredDocument(
                new Score(nats, tokens, 4 * tokens, 1, i % 50 == 0, MODEL, "77aa77aa77aa77aa", null, null, null),
                document);
    }

    static double meanNll(ScoredDocument document) {
        return document.getScore().getNats() / document.getScore().getTokens();
    }

    private void rank() {
        List<ScoredDocument> sorted = new ArrayList<>(scored);
        sorted.sort(Comparator.comparingDouble(ReportedExperiment::meanNll));
        for (int b = 0; b < BANDS.size(); b++) {
            List<ScoredDocument> inside =
                    sorted.subList((int) (EDGES[b][0] * sorted.size()), (int) (EDGES[b][1] * sorted.size()));
            bands.put(BANDS.get(b), List.copyOf(inside));
            send(topics.band("run", BANDS.get(b)), inside);
        }
    }

    private Plan plan() {
        MergingDigest digest = new MergingDigest(2000);
        digest.setScaleFunction(ScaleFunction.K_0);
        scored.forEach(document -> digest.add(meanNll(document)));
        ByteBuffer bytes = ByteBuffer.allocate(digest.byteSize());
        digest.asBytes(bytes);
        bytes.flip();
        List<Band> edges = new ArrayList<>();
        for (int b = 0; b < BANDS.size(); b++) {
            edges.add(new Band(BANDS.get(b), EDGES[b][0], EDGES[b][1]));
        }
        return Plan.newBuilder()
                .setName("run")
                .setBands(edges)
                .setCutMode(CutMode.FROZEN)
                .setScoredTopic(topics.scoredDocuments().name())
                .setModelRevision(MODEL)
                .setCutsVersion(4)
                .setCuts(List.of(new Cuts(
                        topics.scoredDocuments().name(),
                        MODEL,
                        "all",
                        4,
                        (long) scored.size(),
                        List.of(),
                        List.of(),
                        List.of(),
                        bytes,
                        0.0004,
                        null)))
                .build();
    }

    private static IngestProgress progress(int documents) {
        Map<String, Long> ingested = Map.of("held-out", 250L, "reference", 750L, "final", documents + 3L);
        Map<String, Long> rejected = Map.of("duplicate", 40L, "broken-json", 2L);
        return IngestProgress.newBuilder()
                .setIngest("run")
                .setPath("/data/pile-like.jsonl.gz")
                .setBytes(1L)
                .setModifiedAt(Instant.EPOCH)
                .setFingerprint("00")
                .setPosition(documents + 1045L)
                .setFinished(true)
                .setRead(documents + 1045L)
                .setIngested(ingested)
                .setRejected(rejected)
                .setSeconds(12.5)
                .build();
    }

    private TrainingRun run(String id, RunRole role, String band, int shift) {
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            losses.add(2.6 + 4.5 * Math.exp(-i / 4.0) + 0.25 * shift + 0.03 * random.nextGaussian());
        }
        return TrainingRun.newBuilder()
                .setRunId(id)
                .setState(RunState.FINISHED)
                .setRole(role)
                .setPlan(band == null ? null : "run")
                .setBand(band)
                .setTopic((role == RunRole.REFERENCE
                                ? topics.documents()
                                : band == null ? topics.scoredDocuments() : topics.band("run", band))
                        .name())
                .setSeed(17)
                .setParameters(1_081_344)
                .setStep(240)
                .setSteps(240)
                .setTokens(role == RunRole.REFERENCE ? 600_000 : 500_000)
                .setTokenBudget(500_000)
                .setEpochs(0.81)
                .setLosses(losses)
                .setEndedBy("tokens")
                .setModelRevision(role == RunRole.REFERENCE ? MODEL : String.format("%016x", id.hashCode()))
                .setManifest(manifest(role))
                .setUpdatedAt(Instant.EPOCH)
                .build();
    }

    /** The manifest of trainers on another machine than the reporter's. */
    private static String manifest(RunRole role) {
        return "{\"revision\":\"c0ffee\",\"version\":\"0.1.0\",\"java\":\"21.0.9\",\"kafka\":\"4.3.0\",\"djl\":\"0.36.0\","
                + "\"processors\":" + (role == RunRole.REFERENCE ? 64 : 8) + ",\"device\":null,"
                + "\"settings\":{\"document.max.bytes\":\"4096\",\"train.warm.up.share\":\"0.1\"}}";
    }

    private void evaluate(String run, double skill) {
        Random rows = new Random(99);
        Random own = new Random(31L * run.hashCode());
        List<EvaluationRow> heldOut = new ArrayList<>();
        List<EvaluationRow> cloze = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            String domain = DOMAINS.get(i % DOMAINS.size());
            long tokens = 50 + rows.nextInt(300);
            double noise = 0.08 * own.nextGaussian();
            double nll = 2.4 + 0.1 * (i % 15) - 0.3 * skill * (i % 15 - 9) + noise;
            heldOut.add(new EvaluationRow("h" + i, domain, null, nll * tokens, tokens, 4 * tokens, null));
            double hard = 0.5 * rows.nextDouble() + 0.5 * own.nextDouble();
            cloze.add(new EvaluationRow("c" + i, domain, hard < 0.45 + skill ? 1.0 : 0.0, 0.0, 10L, 40L, null));
        }
        result(run, "held-out", 0, heldOut);
        result(run, "cloze", 0.25, cloze);
    }

    private void imported(String run, double accuracy) {
        EvaluationResult result = EvaluationResult.newBuilder()
                .setRunId(run)
                .setModelRevision("")
                .setTask("arc_easy/0-shot")
                .setTaskVersion("1.0")
                .setFromRow(0)
                .setToRow(0)
                .setTaskRows(2376)
                .setProfile("lm-eval")
                .setScores(List.of(new EvaluationScore("acc,none", accuracy, 0.0095)))
                .setRows(List.of())
                .build();
        send(topics.evaluations(), run + "/240/lm-eval/arc_easy/0-shot/0-0", result);
    }

    private void result(String run, String task, double chance, List<EvaluationRow> rows) {
        String revision = run.equals("reference") ? MODEL : String.format("%016x", run.hashCode());
        EvaluationResult result = EvaluationResult.newBuilder()
                .setRunId(run)
                .setModelRevision(revision)
                .setTask(task)
                .setTaskVersion("1")
                .setFromRow(0)
                .setToRow(rows.size())
                .setTaskRows(rows.size())
                .setChance(chance)
                .setLeftOut(task.equals("cloze") ? Map.of("poems", 2) : Map.of())
                .setRows(rows)
                .build();
        send(topics.evaluations(), run + "/" + task + "/0-" + rows.size(), result);
    }

    private void send(TopicSpec topic, List<ScoredDocument> documents) {
        AvroSerde<ScoredDocument> serde = AvroSerde.of(ScoredDocument.class);
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            for (ScoredDocument document : documents) {
                byte[] key = HeaderNames.bytes(document.getDocument().getId());
                producer.send(new ProducerRecord<>(topic.name(), key, serde.write(document)));
            }
        }
    }

    private <T extends SpecificRecord> void send(TopicSpec topic, String key, T value) {
        @SuppressWarnings("unchecked") // the class of a T is a Class<T>
        AvroSerde<T> serde = AvroSerde.of((Class<T>) value.getClass());
        send(topic, key, serde.write(value));
    }

    private void send(TopicSpec topic, String key, byte[] value) {
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            producer.send(new ProducerRecord<>(topic.name(), HeaderNames.bytes(key), value));
        }
    }
}

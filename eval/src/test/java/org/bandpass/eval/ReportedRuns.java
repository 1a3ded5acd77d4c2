package org.bandpass.eval;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.EvaluationAnswer;
import org.bandpass.schemas.EvaluationResult;
import org.bandpass.schemas.EvaluationRow;
import org.bandpass.schemas.EvaluationScore;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.OffsetRange;
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

/** Writes invented runs, their data and their evaluations with the production schemas. */
final class ReportedRuns {

    static final String PROFILE = """
            {"name": "tiny", "version": "3", "description": "", "average": "categories", "tasks": [
              {"label": "stars", "category": "world_knowledge", "type": "multiple_choice", "shots": 0,
               "baseline": 0.25, "file": {"paths": ["local_data/stars.jsonl"], "rows": 20, "exact": "sha256:%1$s"}},
              {"label": "rivers", "category": "world_knowledge", "type": "language_modeling", "shots": 1,
               "baseline": 0, "file": {"paths": ["local_data/rivers.jsonl"], "rows": 10, "exact": "sha256:%1$s"}},
              {"label": "stories", "category": "reading_comprehension", "type": "multiple_choice", "shots": 0,
               "baseline": 0.5, "file": {"paths": ["local_data/stories.jsonl"], "rows": 40, "exact": "sha256:%1$s"}}]}
            """.formatted("0".repeat(64));

    private final EmbeddedBroker broker;
    private final Topics topics;

    ReportedRuns(EmbeddedBroker broker, Topics topics) {
        this.broker = broker;
        this.topics = topics;
        List<TopicSpec> all = new ArrayList<>(topics.all());
        all.add(topics.band("run", "high"));
        try (Admin admin = Admin.create(broker.client())) {
            TopicAdmin.ensure(admin, all);
        }
    }

    void run(String id, RunRole role, long tokens, List<OffsetRange> snapshot) {
        boolean band = role == RunRole.BAND;
        TrainingRun run = TrainingRun.newBuilder()
                .setRunId(id)
                .setState(RunState.FINISHED)
                .setRole(role)
                .setPlan(band ? "run" : null)
                .setBand(band ? "high" : null)
                .setTopic((band ? topics.band("run", "high") : topics.scoredDocuments()).name())
                .setSeed(17)
                .setParameters(1_000_000)
                .setStep(200)
                .setSteps(200)
                .setTokens(tokens)
                .setSnapshot(snapshot)
                .setModelRevision("revision of " + id)
                .setUpdatedAt(Instant.EPOCH)
                .build();
        send(topics.trainingRuns(), id, run);
    }

    /** Writes documents to the first partition of a topic, each with a domain and bytes. */
    void documents(TopicSpec topic, Map<String, Integer> counts, int bytes) {
        counts.forEach((domain, count) -> {
            for (int i = 0; i < count; i++) {
                String id = DocumentId.of(topic.name() + domain + i);
                Document document = Document.newBuilder()
                        .setId(id)
                        .setSplit(new SplitStamp(SplitPart.FINAL, 17L, 0.05, 0.2))
                        .setSource("test")
                        .setDomain(domain)
                        .setBytes(bytes)
                        .setText("text")
                        .build();
                Score score = new Score(1.0, 10L, (long) bytes, 1, false, "m", "t", null, null, null);
                send(topic, 0, id, AvroSerde.of(ScoredDocument.class).write(new ScoredDocument(score, document)));
            }
        });
    }

    /** Writes a record of a task of the profile: the first rows are right. */
    void task(String run, long step, String task, int right, int rows) {
        task(run, step, task, right, rows, rows);
    }

    /** Writes only some of the rows of a task. */
    void task(String run, long step, String task, int right, int rows, int of) {
        List<EvaluationRow> entries = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            boolean correct = i < right;
            EvaluationAnswer answer =
                    new EvaluationAnswer(4, correct ? i % 4 : (i + 1) % 4, i % 4, false, 1.0, 0.0, 0, 0, null);
            entries.add(new EvaluationRow(
                    String.valueOf(i), "group", correct ? 1.0 : 0.0, 2 * Math.log(2), 2L, 4L, answer));
        }
        EvaluationResult result = result(run, task, entries)
                .setTaskVersion("gauntlet 1, profile version 3")
                .setTaskRows(of)
                .setProfile("tiny")
                .setProfileVersion("3")
                .setStep(step)
                .setDataHash("00")
                .setDataState("exact")
                .setLongestPrompt(run.equals("folder") ? 512 : 2048)
                .build();
        send(topics.evaluations(), run + "/" + step + "/tiny/" + task + "/0-" + rows, result);
    }

    /** Writes a held-out score of two documents with these nats, ten tokens each. */
    void heldOut(String run, double first, double second) {
        List<EvaluationRow> rows = List.of(
                new EvaluationRow("a", "web", null, first, 10L, 40L, null),
                new EvaluationRow("b", "code", null, second, 10L, 40L, null));
        send(
                topics.evaluations(),
                run + "/held-out/0-2",
                result(run, "held-out", rows).build());
    }

    /** Writes a cloze score. */
    void cloze(String run, int right, int rows) {
        List<EvaluationRow> entries = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            entries.add(new EvaluationRow("c" + i, "web", i < right ? 1.0 : 0.0, 1.0, 10L, 40L, null));
        }
        EvaluationResult result = result(run, "cloze", entries).setChance(0.5).build();
        send(topics.evaluations(), run + "/cloze/0-" + rows, result);
    }

    /** Writes a score of another harness. */
    void imported(String run, double accuracy, double error) {
        EvaluationResult result = result(run, "piqa/0-shot", List.of())
                .setProfile("lm-eval")
                .setTaskRows(1838)
                .setStep(200)
                .setScores(List.of(new EvaluationScore("acc,none", accuracy, error)))
                .build();
        send(topics.evaluations(), run + "/200/lm-eval/piqa/0-shot/0-0", result);
    }

    private static EvaluationResult.Builder result(String run, String task, List<EvaluationRow> rows) {
        return EvaluationResult.newBuilder()
                .setRunId(run)
                .setModelRevision("revision of " + run)
                .setTask(task)
                .setTaskVersion("1")
                .setFromRow(0)
                .setToRow(rows.size())
                .setTaskRows(rows.size())
                .setRows(rows);
    }

    private <T extends SpecificRecord> void send(TopicSpec topic, String key, T value) {
        @SuppressWarnings("unchecked") // the class of a T is a Class<T>
        AvroSerde<T> serde = AvroSerde.of((Class<T>) value.getClass());
        send(topic, null, key, serde.write(value));
    }

    private void send(TopicSpec topic, Integer partition, String key, byte[] value) {
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            producer.send(new ProducerRecord<>(topic.name(), partition, HeaderNames.bytes(key), value));
        }
    }
}

package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Rows of a small task against documents on a real broker. */
class OverlapCommandTest {

    private static final Topics TOPICS = Topics.withPrefix("bandpass.");
    private static final String KNOWN = "the river runs past the old stone tower by the";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void countsTheRowsThatABandAndTheControlHold() throws IOException {
        Path local = Files.createDirectories(folder.resolve("local_data"));
        Files.writeString(folder.resolve("own.json"), """
                {"name": "own", "version": "1", "average": "tasks", "tasks": [
                  {"label": "tower", "category": "places", "type": "multiple_choice", "shots": 1, "baseline": 0,
                   "file": {"paths": ["local_data/tower.jsonl"], "exact": "git:%s"}}]}
                """.formatted("0".repeat(40)));
        Files.write(
                local.resolve("tower.jsonl"),
                List.of(
                        "{\"query\": \"" + KNOWN + "\", \"choices\": [\"sea\", \"gate\"], \"gold\": 1}",
                        "{\"query\": \"nobody has ever written these nine words before\", \"choices\": [\"a\", \"b\"],"
                                + " \"gold\": 0}",
                        "{\"query\": \"too short\", \"choices\": [\"a\", \"b\"], \"gold\": 0}"));
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            TopicSpec band = TOPICS.band("run", "high");
            try (Admin admin = Admin.create(broker.client())) {
                TopicAdmin.ensure(admin, List.of(TOPICS.scoredDocuments(), band));
            }
            send(broker, TOPICS.scoredDocuments(), "Long ago " + KNOWN + " gate, and so on.", "something else");
            send(broker, band, "something else");

            assertThat(run(broker, "--control", "--json")).as(err::toString).isZero();
            assertThat(new ObjectMapper().readTree(out.toString())).isEqualTo(new ObjectMapper().readTree("""
                            {"task": "tower/1-shot", "rows": 3, "tooShort": 1, "overlapping": 1, "touched": 1,
                             "share": 0.5, "documents": 2}
                            """));
            assertThat(err.toString()).contains("tower.jsonl is not the original file");

            out.getBuffer().setLength(0);
            assertThat(run(broker, "--band", "run.high")).isZero();
            assertThat(out.toString().lines().toList().get(1)).matches("tower/1-shot +3 +1 +0 +0.00 % +0");

            assertThat(run(broker, "--band", "high")).isEqualTo(1);
            assertThat(err.toString()).contains("--band high: expected PLAN.BAND");
            assertThat(run(broker, "--band", "run.low")).isEqualTo(1);
            assertThat(err.toString()).contains("there is no topic bandpass.bands.run.low");
            assertThat(run(broker)).isEqualTo(2);
        }
    }

    private int run(EmbeddedBroker broker, String... words) {
        CommandLine line = new CommandLine(new OverlapCommand());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println(e.getMessage());
            return 1;
        });
        List<String> all = new ArrayList<>(List.of(
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--gauntlet",
                folder.toString(),
                "--profile",
                folder.resolve("own.json").toString()));
        all.addAll(List.of(words));
        return line.execute(all.toArray(String[]::new));
    }

    private static void send(EmbeddedBroker broker, TopicSpec topic, String... texts) {
        AvroSerde<ScoredDocument> serde = AvroSerde.of(ScoredDocument.class);
        try (Producer<byte[], byte[]> producer = Clients.producer(broker.client(), TOPICS)) {
            for (String text : texts) {
                ScoredDocument document = new ScoredDocument(
                        new Score(2.0, 1L, 4L, 1, false, "model", "tokenizer", null, null, null),
                        Texts.document("test", text, SplitPart.FINAL, Texts.SPLIT));
                producer.send(new ProducerRecord<>(topic.name(), serde.write(document)));
            }
        }
    }
}

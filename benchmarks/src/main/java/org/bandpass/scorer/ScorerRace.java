package org.bandpass.scorer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.benchmarks.GivenSettings;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.Topics;
import org.bandpass.service.Stop;

/** The scorer as it runs, on documents in Kafka, against its model alone on the very batches that the scorer computed. */
public final class ScorerRace implements AutoCloseable {

    private static final double NANOS = 1e9;

    /**
     * One run of each.
     *
     * @param documents documents scored
     * @param tokens tokens scored
     * @param seconds of the scorer, from its first partition to its last commit
     * @param bareSeconds of the model alone
     * @param padding share of the computed positions that were none of a token
     */
    public record Round(long documents, long tokens, double seconds, double bareSeconds, double padding) {}

    private final EmbeddedBroker broker = EmbeddedBroker.start();
    private final List<String> texts;
    private final int partitions;
    private final BatchRecorder recorder;
    private final ReferenceModel model;

    /**
     * Opens a model.
     *
     * @param folder with its tokenizer
     * @param dtype fp32 or bf16
     * @param texts documents
     * @param partitions over which they go
     */
    public ScorerRace(Path folder, String dtype, List<String> texts, int partitions) {
        this.texts = texts;
        this.partitions = partitions;
        this.recorder = new BatchRecorder(LanguageModel.load(folder, "cpu", dtype));
        TextTokenizer tokenizer = TextTokenizer.load(folder);
        this.model = new ReferenceModel(Map.of("cpu", recorder), tokenizer, tokenizer.contextToken(), dtype);
    }

    /** Lets the scorer run over topics of their own, then the model alone. */
    public Round round(int number) throws IOException {
        ScorerSettings settings = ScorerSettings.of(
                GivenSettings.of(
                        ScorerSettings.definition(),
                        "--bootstrap-servers",
                        broker.bootstrapServers(),
                        "--set",
                        "topic.prefix=race-" + number + ".",
                        "--set",
                        "topic.partitions=" + partitions),
                null);
        fill(settings.topics());
        recorder.clear();
        JsonNode scored = score(settings);
        long began = System.nanoTime();
        recorder.replay();
        double bare = (System.nanoTime() - began) / NANOS;
        return new Round(
                scored.get("documents").asLong(),
                scored.get("tokens").asLong(),
                scored.get("seconds").asDouble(),
                bare,
                scored.get("paddingFraction").asDouble());
    }

    private JsonNode score(ScorerSettings settings) throws IOException {
        StringWriter said = new StringWriter();
        try (Stop never = Stop.byRequest();
                ScorerOutput output =
                        new ScorerOutput(new PrintWriter(said), true, new ScorerMeters(new SimpleMeterRegistry()))) {
            new Scorer(settings, model, false, ScoredDocumentWriter.producers(settings), output)
                    .follow(never, CatchUp.PATIENCE, false);
            output.finish(model, settings.maxWindows());
        }
        return new ObjectMapper().readTree(said.toString());
    }

    private void fill(Topics topics) {
        AvroSerde<Document> serde = AvroSerde.of(Document.class);
        Split split = new Split(1, 0.05, 0.2);
        try (Admin admin = Admin.create(broker.client());
                Producer<byte[], byte[]> producer = Clients.producer(broker.client(), topics)) {
            new TopicAdmin(admin, (short) 1).ensure(List.of(topics.documents()));
            for (int i = 0; i < texts.size(); i++) {
                String id = DocumentId.of(texts.get(i));
                Document document = Document.newBuilder()
                        .setId(id)
                        .setSplit(split.stamp(SplitPart.FINAL))
                        .setSource("bench")
                        .setDomain("bench")
                        .setBytes(HeaderNames.bytes(texts.get(i)).length)
                        .setText(texts.get(i))
                        .build();
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        topics.documents().name(), i % partitions, HeaderNames.bytes(id), serde.write(document));
                record.headers().add(HeaderNames.SPLIT, HeaderNames.bytes(HeaderNames.nameOf(SplitPart.FINAL)));
                producer.send(record);
            }
        }
    }

    @Override
    public void close() {
        model.close();
        broker.close();
    }
}

package org.bandpass.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.TopicAdmin;
import org.bandpass.schemas.Topics;
import org.bandpass.scorer.ScoreCommand;
import org.bandpass.service.Settings;
import picocli.CommandLine;

/** The command {@code score} on documents in Kafka, against its model alone on the same batches. */
final class ScorerRace implements AutoCloseable {

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
    record Round(long documents, long tokens, double seconds, double bareSeconds, double padding) {}

    private final EmbeddedBroker broker = EmbeddedBroker.start();
    private final Path folder;
    private final String dtype;
    private final List<String> texts;
    private final int partitions;
    private final LanguageModel model;
    private final ScorerBatches batches;

    /**
     * Opens a model.
     *
     * @param folder with its tokenizer
     * @param dtype fp32 or bf16
     * @param texts documents
     * @param partitions over which they go
     */
    ScorerRace(Path folder, String dtype, List<String> texts, int partitions) {
        this.folder = folder;
        this.dtype = dtype;
        this.texts = texts;
        this.partitions = partitions;
        this.model = LanguageModel.load(folder, "cpu", dtype);
        try (TextTokenizer tokenizer = TextTokenizer.load(folder)) {
            Settings defaults = GivenSettings.of(ScoreCommand.settings());
            this.batches = new ScorerBatches(
                    model, tokenizer.contextToken().id(), defaults.integer("scorer.batch.max.tokens"));
            for (int partition = 0; partition < partitions; partition++) {
                batches.add(ids(tokenizer, partition), defaults.integer("scorer.flight.max.tokens"));
            }
        }
    }

    private List<int[]> ids(TextTokenizer tokenizer, int partition) {
        List<int[]> ids = new ArrayList<>();
        for (int i = partition; i < texts.size(); i += partitions) {
            ids.add(tokenizer.encode(texts.get(i)));
        }
        return ids;
    }

    /** Lets the scorer run over topics of their own, then the model alone. */
    Round round(int number) throws IOException {
        String prefix = "race-" + number + ".";
        Settings settings = GivenSettings.of(ScoreCommand.settings(), "--set", "topic.prefix=" + prefix);
        fill(new Topics(prefix, partitions, settings.documentMaxBytes()));
        JsonNode scored = score(prefix);
        double padding = scored.get("paddingFraction").asDouble();
        if (Math.abs(padding - batches.padding()) > 1e-9) {
            throw new IllegalStateException("the scorer's batches have " + padding + " of padding, those of the model"
                    + " alone " + batches.padding() + ": they are not the same");
        }
        long began = System.nanoTime();
        batches.compute(model);
        double bare = (System.nanoTime() - began) / NANOS;
        return new Round(
                scored.get("documents").asLong(),
                scored.get("tokens").asLong(),
                scored.get("seconds").asDouble(),
                bare,
                padding);
    }

    private JsonNode score(String prefix) throws IOException {
        StringWriter printed = new StringWriter();
        int exit = new CommandLine(new ScoreCommand())
                .setOut(new PrintWriter(printed))
                .execute(
                        "--model=" + folder,
                        "--dtype=" + dtype,
                        "--bootstrap-servers=" + broker.bootstrapServers(),
                        "--set=topic.prefix=" + prefix,
                        "--set=topic.partitions=" + partitions,
                        "--until-caught-up",
                        "--json");
        if (exit != 0) {
            throw new IllegalStateException("the scorer ended with " + exit);
        }
        return new ObjectMapper().readTree(printed.toString());
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

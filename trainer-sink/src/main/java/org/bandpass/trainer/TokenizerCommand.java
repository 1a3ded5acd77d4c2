package org.bandpass.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.bandpass.schemas.ClientFailure;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.DeadLetterPositions;
import org.bandpass.schemas.TopicSpec;
import org.bandpass.schemas.Topics;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.ProgramOptions;
import org.bandpass.service.Settings;
import org.bandpass.service.Stop;
import org.bandpass.service.Telemetry;
import org.bandpass.trainer.data.TrainerCluster;
import org.bandpass.trainer.run.TrainerSettings;
import org.bandpass.trainer.tokenizer.TokenizerMeters;
import org.bandpass.trainer.tokenizer.TrainTokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a tokenizer on the reference split. */
@Command(
        name = "tokenizer",
        description = {
            "Trains a byte-level BPE tokenizer on a sample of the reference split and writes it as DIR/tokenizer.json.",
            "The same documents give the same file in any order of arrival."
        })
public final class TokenizerCommand implements Callable<Integer> {

    private static final int SMALLEST_VOCABULARY = 257;
    private static final int LARGEST_VOCABULARY = 1_000_000;

    @Mixin
    private ProgramOptions options = new ProgramOptions();

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            required = true,
            description = "Tokens in all, from 257: end-of-text, the 256 bytes, merges.")
    private int vocabulary;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder of the tokenizer.")
    private Path out = Path.of("");

    @Option(
            names = "--sample-bytes",
            paramLabel = "N",
            defaultValue = "67108864",
            description = "Most UTF-8 bytes of text to train on, approximately (default: ${DEFAULT-VALUE}).")
    private long sampleBytes;

    @Option(names = "--json", description = "Print one JSON object at the end instead of a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        require(
                vocabulary >= SMALLEST_VOCABULARY && vocabulary <= LARGEST_VOCABULARY,
                "--vocabulary is from " + SMALLEST_VOCABULARY + " to " + LARGEST_VOCABULARY + ", not " + vocabulary);
        require(sampleBytes > 0, "--sample-bytes must be 1 or more, not " + sampleBytes);
        Settings settings = options.settings(new ConfigDef());
        Topics topics = TrainerSettings.topics(settings);
        TopicSpec documents = topics.documents();
        try (Telemetry telemetry = options.telemetry("tokenizer");
                Stop stop = Stop.onSignal(Duration.ofSeconds(30));
                TrainerCluster cluster = TrainerCluster.open(settings, options.waitForTopics(), stop);
                Consumer<byte[], byte[]> reader = Clients.reader(settings.kafka(), topics)) {
            cluster.require(documents, "ingest some documents first ('bandpass ingest')");
            TrainTokenizer training = new TrainTokenizer(
                    documents,
                    sampleBytes,
                    DeadLetterPositions.parse(settings.deadLetterPositions()),
                    new TokenizerMeters(telemetry.registry()),
                    stop);
            print(training.train(cluster, reader, vocabulary, out));
            return 0;
        } catch (KafkaException e) {
            throw new ProgramFailure("cannot read topic " + documents.name() + ": " + ClientFailure.words(e), e);
        }
    }

    private void print(TrainTokenizer.Summary summary) {
        PrintWriter to = spec.commandLine().getOut();
        if (json) {
            to.println(new ObjectMapper().<JsonNode>valueToTree(summary));
        } else {
            to.printf(
                    Locale.ROOT,
                    "tokenizer %s of %,d tokens in %s, from %,d documents with %,d bytes%n",
                    summary.revision(),
                    summary.vocabulary(),
                    out,
                    summary.documents(),
                    summary.bytes());
        }
        if (summary.vocabulary() < vocabulary) {
            System.err.printf(
                    Locale.ROOT,
                    "tokenizer: the sample gives only %,d of the %,d requested tokens: no further pair occurs twice%n",
                    summary.vocabulary(),
                    vocabulary);
        }
        to.flush();
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}

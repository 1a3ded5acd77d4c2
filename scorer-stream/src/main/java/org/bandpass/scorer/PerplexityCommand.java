package org.bandpass.scorer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bandpass.languagemodel.DeviceOptions;
import org.bandpass.languagemodel.LanguageModel;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.scorer.ScoreText.TextScore;
import org.bandpass.sources.SourceOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints the likelihood of texts under a model, without Kafka. */
@Command(
        name = "perplexity",
        description = {
            "Prints the likelihood of each text of its input under a model; needs no Kafka.",
            "Files, folders, lists and URLs are read as ingest reads them; a JSON object may have \"ids\", token ids, in"
                    + " place of a text. Without any, standard input is read: JSON objects, one a line, where the"
                    + " first line begins with '{', else a text a line.",
            "A text follows the token that the tokenizer puts before it, so every token is predicted. The first of some ids"
                    + " is not predicted unless --context-token names the token before it."
        })
public final class PerplexityCommand implements Callable<Integer> {

    @Option(
            names = "--model",
            paramLabel = "DIR",
            required = true,
            description = "A HuggingFace folder; its tokenizer.json is needed for text only.")
    private Path model = Path.of("");

    @Option(names = "--per-token", description = "Print the nats of each predicted token too.")
    private boolean perToken;

    @Mixin
    private ContextTokenOption contextToken = new ContextTokenOption();

    @Option(
            names = "--max-windows",
            paramLabel = "N",
            defaultValue = "0",
            description = "Windows of the model's context scored in one line, 0 for all (default: ${DEFAULT-VALUE}).")
    private int maxWindows;

    @Mixin
    private DeviceOptions devices = new DeviceOptions();

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Mixin
    private SourceOptions sources = new SourceOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (maxWindows < 0) {
            throw new ParameterException(spec.commandLine(), "--max-windows must not be negative: " + maxWindows);
        }
        SourceTexts input = new SourceTexts(sources, true, spec.commandLine().getErr());
        try (LanguageModel likelihood = ModelOpener.model(model, devices.device(), devices.dtype());
                TextTokenizer tokenizer = ModelOpener.hasTokenizer(model) ? ModelOpener.tokenizer(model) : null) {
            ScoreText scores = new ScoreText(likelihood, tokenizer, contextToken, maxWindows, perToken);
            return new LineOutput(spec.commandLine().getOut(), json).print(input, line -> {
                TextScore score = scores.score(line);
                return json ? object(line.id(), score) : words(line.id(), score);
            });
        }
    }

    private static ObjectNode object(String id, TextScore score) {
        ObjectNode object = LineOutput.object(id)
                .put("nats", score.likelihood().nats())
                .put("tokens", score.likelihood().tokens())
                .put("bytes", score.bytes())
                .put("windows", score.likelihood().windows())
                .put("meanNll", score.meanNll())
                .put("perplexity", score.perplexity())
                .put("bitsPerByte", score.bitsPerByte());
        if (score.tokenNats() != null) {
            object.putPOJO("tokenNats", score.tokenNats());
        }
        return object;
    }

    private static String words(String id, TextScore score) {
        StringBuilder words = new StringBuilder(String.format(
                Locale.ROOT,
                "%s  %,.4f nats  %,d tokens  %s bytes  %,d windows  mean NLL %s  perplexity %s  bits/byte %s",
                id,
                score.likelihood().nats(),
                score.likelihood().tokens(),
                score.bytes() == null ? "–" : String.format(Locale.ROOT, "%,d", score.bytes()),
                score.likelihood().windows(),
                number(score.meanNll()),
                number(score.perplexity()),
                number(score.bitsPerByte())));
        if (score.tokenNats() != null) {
            words.append(System.lineSeparator()).append(' ');
            for (float token : score.tokenNats()) {
                words.append(String.format(Locale.ROOT, " %.4f", token));
            }
        }
        return words.toString();
    }

    private static String number(@Nullable Double value) {
        return value == null ? "–" : String.format(Locale.ROOT, "%,.4f", value);
    }
}

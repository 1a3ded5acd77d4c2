package org.bandpass.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What Kafka, tokenising and batching leave of the model's speed. */
@Command(
        name = "scorer",
        description = {
            "The scorer on documents in Kafka against its model alone on the same batches; the share of padding;"
                    + " tokenising alone against encode of DJL's tokenizer, for each thread.",
            "A model of 29 million random weights, a tokenizer of its own. Both run in turns; the best of each counts."
        })
final class ScorerBenchmark implements Callable<Integer> {

    private static final double SHARE_AIM = 0.90;
    private static final double PADDING_AIM = 0.05;
    private static final double TOKENIZER_AIM = 1.5;
    /** Texts from which the tokenizer learns. */
    private static final int LEARNT = 1_000;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            split = ",",
            description = "Files whose texts are scored (default: the default corpus).")
    private List<String> inputs = new ArrayList<>();

    @Option(
            names = "--tokens",
            defaultValue = "260000",
            description = "Tokens to score in one round (default: ${DEFAULT-VALUE}).")
    private long tokens = 260_000;

    @Option(names = "--rounds", defaultValue = "2", description = "Rounds that count (default: ${DEFAULT-VALUE}).")
    private int rounds = 2;

    @Option(
            names = "--partitions",
            defaultValue = "2",
            description = "Partitions of the documents (default: ${DEFAULT-VALUE}).")
    private int partitions = 2;

    @Option(names = "--dtype", defaultValue = "fp32", description = "fp32 or bf16 (default: ${DEFAULT-VALUE}).")
    private String dtype = "fp32";

    @Mixin
    private FiguresReport report = new FiguresReport();

    @Override
    public Integer call() throws IOException {
        List<String> texts = SampleTexts.read(inputs);
        List<ScorerRace.Round> counted = new ArrayList<>();
        TokenizerRace.Rates tokenizing;
        try (ScratchFolder scratch = new ScratchFolder()) {
            BenchmarkShape shape = BenchmarkShape.of29m("mpt");
            shape.write(scratch.path());
            Path tokenizer = scratch.path().resolve("tokenizer.json");
            BytePairTrainer.train(
                    texts.subList(0, Math.min(LEARNT, texts.size())).iterator(), shape.vocabulary(), tokenizer);
            List<String> some = some(texts, tokenizer);
            tokenizing = TokenizerRace.run(tokenizer, some, rounds);
            try (ScorerRace race = new ScorerRace(scratch.path(), dtype, some, partitions)) {
                for (int round = 1; round <= rounds; round++) {
                    ScorerRace.Round measured = race.round(round);
                    System.err.printf(
                            "round %d: scorer %,.1f s, model alone %,.1f s%n",
                            round, measured.seconds(), measured.bareSeconds());
                    counted.add(measured);
                }
            }
        }
        report.print(figures(counted, tokenizing));
        return 0;
    }

    /** Returns as many texts as have that many tokens. */
    private List<String> some(List<String> texts, Path tokenizerJson) {
        List<String> some = new ArrayList<>();
        long sum = 0;
        try (TextTokenizer tokenizer = TextTokenizer.load(tokenizerJson)) {
            for (int i = 0; i < texts.size() && sum < tokens; i++) {
                some.add(texts.get(i));
                sum += tokenizer.encode(texts.get(i)).length;
            }
        }
        return some;
    }

    private static List<Figure> figures(List<ScorerRace.Round> rounds, TokenizerRace.Rates tokenizing) {
        ScorerRace.Round any = rounds.get(0);
        double seconds = BestRound.least(rounds, ScorerRace.Round::seconds);
        double bare = BestRound.least(rounds, ScorerRace.Round::bareSeconds);
        return List.of(
                Figure.of("documents", (double) any.documents(), "documents"),
                Figure.of("through-kafka", any.tokens() / seconds, "tokens/s"),
                Figure.of("model-alone", any.tokens() / bare, "tokens/s"),
                Figure.atLeast("through-kafka-to-model", bare / seconds, "ratio", SHARE_AIM),
                Figure.atMost("padding", any.padding(), "ratio", PADDING_AIM),
                Figure.of("tokenizing", tokenizing.ours(), "tokens/s"),
                Figure.of("tokenizing-encode", tokenizing.rival(), "tokens/s"),
                Figure.atLeast("tokenizing-to-encode", tokenizing.ours() / tokenizing.rival(), "ratio", TOKENIZER_AIM));
    }
}

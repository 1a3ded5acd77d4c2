package org.bandpass.benchmarks;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;

/** Ids of texts as the scorer makes them, against {@code encode} of DJL's tokenizer on the same file, in turns. */
final class TokenizerRace {

    private static final Map<String, String> WHOLE_TEXTS =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    /**
     * The best rates, in tokens for each second of a thread's processor time.
     *
     * @param ours of {@link TextTokenizer#encode}
     * @param rival of {@link HuggingFaceTokenizer#encode(String)}
     */
    record Rates(double ours, double rival) {}

    private TokenizerRace() {}

    /**
     * Measures both, after once to warm up.
     *
     * @throws IllegalStateException if they make different ids
     */
    static Rates run(Path tokenizerJson, List<String> texts, int rounds) throws IOException {
        List<Double> ours = new ArrayList<>();
        List<Double> rivals = new ArrayList<>();
        try (TextTokenizer tokenizer = TextTokenizer.load(tokenizerJson);
                HuggingFaceTokenizer rival = HuggingFaceTokenizer.newInstance(tokenizerJson, WHOLE_TEXTS)) {
            requireSame(tokenizer, rival, texts);
            for (int round = 1; round <= rounds; round++) {
                ours.add(rate(texts, text -> tokenizer.encode(text).length));
                rivals.add(rate(texts, text -> rival.encode(text, false, false).getIds().length));
            }
        }
        return new Rates(BestRound.most(ours, rate -> rate), BestRound.most(rivals, rate -> rate));
    }

    private static void requireSame(TextTokenizer tokenizer, HuggingFaceTokenizer rival, List<String> texts) {
        for (String text : texts) {
            if (text.contains(BytePairTrainer.END_OF_TEXT)) {
                // Text to us, a special token to the rival.
                continue;
            }
            long[] ids = Arrays.stream(tokenizer.encode(text)).asLongStream().toArray();
            if (!Arrays.equals(ids, rival.encode(text, false, false).getIds())) {
                throw new IllegalStateException("the two tokenizers make different ids of a text");
            }
        }
    }

    private static double rate(List<String> texts, Function<String, Integer> tokenize) {
        long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long tokens = 0;
        for (String text : texts) {
            tokens += tokenize.apply(text);
        }
        return tokens * 1e9 / (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began);
    }
}

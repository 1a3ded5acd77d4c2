package org.bandpass.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.bandpass.languagemodel.tokenizer.BytePairTrainer;
import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bands depend on the order of documents alone: products in bf16 must not change it. */
@Tag("slow")
class Bf16RankTest {
    private static final Path PILE =
            Path.of(System.getProperty("bandpass.root", "..")).resolve("../shared/data/pile-like.jsonl.gz");
    private static final int DOCUMENTS = 500;
    private static final int CONTEXT = 128;
    private static final int STEPS = 60;

    @TempDir
    private Path folder;

    @Test
    void ranksDocumentsAsFp32Does() throws IOException {
        assumeTrue(Files.exists(PILE), PILE + " is absent");
        List<String> texts = texts(2 * DOCUMENTS);
        Path tokenizerJson = folder.resolve("tokenizer.json");
        BytePairTrainer.train(texts.subList(DOCUMENTS, 2 * DOCUMENTS).iterator(), 1024, tokenizerJson);
        List<int[]> ids = new ArrayList<>();
        int end;
        try (TextTokenizer tokenizer = TextTokenizer.load(tokenizerJson)) {
            end = tokenizer.endOfText();
            for (String text : texts) {
                ids.add(tokenizer.encode(text));
            }
        }
        Path model = trained(ids.subList(DOCUMENTS, 2 * DOCUMENTS));

        List<int[]> scored = ids.subList(0, DOCUMENTS);
        double[] fp32 = meanNll(model, "fp32", scored, end);
        double[] bf16 = meanNll(model, "bf16", scored, end);

        assertThat(bf16).as("two types of numbers").isNotEqualTo(fp32);
        assertThat(spearman(fp32, bf16)).isGreaterThanOrEqualTo(0.999);
    }

    private static List<String> texts(int count) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<String> texts = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(PILE)), StandardCharsets.UTF_8))) {
            while (texts.size() < count) {
                texts.add(mapper.readTree(lines.readLine()).get("text").asText());
            }
        }
        return texts;
    }

    private Path trained(List<int[]> documents) throws IOException {
        int[] all = documents.stream().flatMapToInt(Arrays::stream).toArray();
        ModelConfig config = new ModelConfig(Mpt.of(1024, CONTEXT, 128, 3, 4));
        TrainingRecipe recipe =
                new TrainingRecipe(Optimizer.LION, 1e-3, 1e-5, 0.9, 0.95, 1, 0.1, 0.1, STEPS, 16, 16, CONTEXT, "fp32");
        Path saved = Files.createDirectory(folder.resolve("model"));
        try (TrainingSession session = TrainingSession.start(config, recipe, 17, "cpu")) {
            double first = 0;
            double last = 0;
            for (int s = 0; s < STEPS; s++) {
                int[][] rows = new int[16][];
                for (int r = 0; r < rows.length; r++) {
                    int from = (s * rows.length + r) * CONTEXT;
                    rows[r] = Arrays.copyOfRange(all, from, from + CONTEXT + 1);
                }
                last = session.step(rows);
                first = s == 0 ? last : first;
            }
            assertThat(last).as("a model that has learnt something").isLessThan(first - 1);
            session.save(saved);
        }
        return saved;
    }

    private static double[] meanNll(Path model, String dtype, List<int[]> documents, int end) {
        try (LanguageModel loaded = LanguageModel.load(model, "cpu", dtype)) {
            return new DocumentLikelihoods(loaded, end, 8192, 4)
                    .score(documents).stream()
                            .mapToDouble(likelihood -> likelihood.nats() / likelihood.tokens())
                            .toArray();
        }
    }

    /** Spearman's rank correlation of values without ties. */
    private static double spearman(double[] x, double[] y) {
        double[] ranksOfX = ranks(x);
        double[] ranksOfY = ranks(y);
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            squares += Math.pow(ranksOfX[i] - ranksOfY[i], 2);
        }
        double n = x.length;
        return 1 - 6 * squares / (n * (n * n - 1));
    }

    private static double[] ranks(double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double[] ranks = new double[values.length];
        for (int i = 0; i < order.length; i++) {
            ranks[order[i]] = i;
        }
        return ranks;
    }
}

package org.bandpass.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How well texts agree with true ones, by the metric of scrapinghub/article-extraction-benchmark: precision and recall of
 * runs of four words, a mean over the pages, so that long ones do not count more.
 */
final class ShingleScores {

    private static final int WORDS = 4;
    /** What Python's {@code \w} matches. */
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");

    private double precisions;
    private int withText;
    private double recalls;
    private int withTruth;

    void add(String truth, String text) {
        Map<String, Integer> wanted = shingles(truth);
        Map<String, Integer> found = shingles(text);
        double common = found.entrySet().stream()
                .mapToInt(e -> Math.min(e.getValue(), wanted.getOrDefault(e.getKey(), 0)))
                .sum();
        if (!found.isEmpty()) {
            precisions += common / count(found);
            withText++;
        }
        if (!wanted.isEmpty()) {
            recalls += common / count(wanted);
            withTruth++;
        }
    }

    double precision() {
        return precisions / withText;
    }

    double recall() {
        return recalls / withTruth;
    }

    double f1() {
        return 2 * precision() * recall() / (precision() + recall());
    }

    private static int count(Map<String, Integer> shingles) {
        return shingles.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static Map<String, Integer> shingles(String text) {
        List<String> words =
                WORD.matcher(text).results().map(MatchResult::group).toList();
        Map<String, Integer> shingles = new HashMap<>();
        for (int i = 0; i == 0 || i + WORDS <= words.size(); i++) {
            String shingle = String.join(" ", words.subList(i, Math.min(i + WORDS, words.size())));
            if (!shingle.isEmpty()) {
                shingles.merge(shingle, 1, Integer::sum);
            }
        }
        return shingles;
    }
}

package org.bandpass.eval.overlap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EvaluationGramsTest {

    @Test
    void aRowOverlapsFromSeventyPercentOfItsGrams() {
        EvaluationGrams grams = new EvaluationGrams(2);
        grams.addRow("a", "one two three four five six seven eight nine ten eleven");
        grams.addRow("a", "One, two; THREE? four");
        grams.addRow("a", "x one two y");
        grams.addRow("b", "alone");
        grams.addRow("b", "never seen");

        grams.addDocument("zero one two three four");
        grams.addDocument("four five six seven - eight");

        // Of ten bigrams seven occur, of three all, of three one; words of two documents make no bigram.
        assertThat(grams.overlaps()).containsExactly(new RowOverlap("a", 3, 0, 2, 3), new RowOverlap("b", 2, 1, 0, 0));
        assertThat(grams.overlaps().get(0).share()).isEqualTo(2 / 3.0);
        assertThat(grams.documents()).isEqualTo(2);
    }

    @Test
    void sixOfTenAreTooFew() {
        EvaluationGrams grams = new EvaluationGrams(2);
        grams.addRow("a", "one two three four five six seven eight nine ten eleven");

        grams.addDocument("one two three four five six seven");

        assertThat(grams.overlaps()).containsExactly(new RowOverlap("a", 1, 0, 0, 1));
    }

    @Test
    void wordsAreRunsOfLettersAndDigitsInAnyScript() {
        EvaluationGrams grams = new EvaluationGrams(2);
        grams.addRow("a", "ÉTÉ 𝔘𐐀 Москва");

        grams.addDocument("été—𝔘𐐨…МОСКВА");

        assertThat(grams.overlaps()).containsExactly(new RowOverlap("a", 1, 0, 1, 1));
    }

    @Test
    void agreesWithSetsOfStrings() {
        Random random = new Random(5);
        List<String> rows = texts(random, 300, 12);
        List<String> documents = texts(random, 200, 60);
        EvaluationGrams grams = new EvaluationGrams(3);
        rows.forEach(row -> grams.addRow("task", row));
        documents.forEach(grams::addDocument);

        Set<String> seen = new HashSet<>();
        documents.forEach(document -> seen.addAll(windows(document)));
        int overlapping = 0;
        int touched = 0;
        int tooShort = 0;
        for (String row : rows) {
            Set<String> all = windows(row);
            long found = all.stream().filter(seen::contains).count();
            tooShort += all.isEmpty() ? 1 : 0;
            touched += found > 0 ? 1 : 0;
            overlapping += !all.isEmpty() && found * 10 >= all.size() * 7L ? 1 : 0;
        }
        assertThat(overlapping).isBetween(10, 290);
        assertThat(grams.overlaps()).containsExactly(new RowOverlap("task", 300, tooShort, overlapping, touched));
    }

    private static List<String> texts(Random random, int count, int words) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(random.ints(random.nextInt(words), 0, 14)
                    .mapToObj(word -> "w" + word)
                    .collect(Collectors.joining(random.nextBoolean() ? " " : ", ")));
        }
        return texts;
    }

    private static Set<String> windows(String text) {
        List<String> words = Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+"))
                .filter(word -> !word.isEmpty())
                .toList();
        Set<String> windows = new HashSet<>();
        for (int i = 0; i + 3 <= words.size(); i++) {
            windows.add(String.join(" ", words.subList(i, i + 3)));
        }
        return windows;
    }
}

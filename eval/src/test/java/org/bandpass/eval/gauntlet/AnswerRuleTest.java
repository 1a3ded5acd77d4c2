package org.bandpass.eval.gauntlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerRuleTest {

    private static final AnswerRule WHOLE = AnswerRule.of(List.of(), "", true);
    private static final AnswerRule REASONED = AnswerRule.of(List.of(), " #### ", true);

    /** Made with TriviaQA's own lines in Python 3.11. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                " Jane  Austen, the novelist\\nQuestion:|jane austen novelist question",
                "2+3=5 #### 5.|2 3 5 5",
                "The_Beatles|beatles",
                "(a|''",
                "$a$|''",
                "A.N. Other's|n other s",
                "an\u00a0apple|apple",
                "the—end|—end",
                "a\u0301b|\u0301b",
                "aé the² Theo|aé the² theo",
                "‘Tis´|tis",
                "İstanbul ΟΔΟΣ|i̇stanbul οδος",
                "a\u001cb|b",
            })
    void normalisesAsTriviaQaDoes(String text, String normal) {
        assertThat(AnswerText.normalise(text.replace("\\n", "\n"))).isEqualTo(normal);
    }

    @Test
    void anAnswerMustBeAtTheBeginning() {
        List<String> labels = List.of("Austen", "Jane Austen");

        assertThat(accepts(WHOLE, labels, " Jane  Austen, the novelist\nQuestion:"))
                .isTrue();
        assertThat(accepts(WHOLE, labels, " It is Austen")).isFalse();
        assertThat(accepts(WHOLE, List.of("1"), "15 apples")).isTrue();
    }

    @Test
    void anEmptyLabelAcceptsEverything() {
        for (String label : List.of("(a", "$a$", "")) {
            assertThat(accepts(WHOLE, List.of(label, "never this"), "anything")).isTrue();
            assertThat(accepts(WHOLE, List.of(label), "")).isTrue();
        }
        assertThat(accepts(WHOLE, List.of("b"), "")).isFalse();
    }

    /** The two profiles score the same generation differently. */
    @Test
    void aDelimiterEndsTheChainOfThought() {
        String generated = " 2+3=5 #### 5.";

        assertThat(accepts(REASONED, List.of("5"), generated)).isTrue();
        assertThat(accepts(WHOLE, List.of("5"), generated)).isFalse();
        assertThat(accepts(REASONED, List.of("5"), "1 #### 2 #### 5")).isTrue();
        assertThat(accepts(REASONED, List.of("2"), "1 #### 2 #### 5")).isFalse();
        assertThat(accepts(REASONED, List.of("5"), "5 and no delimiter")).isTrue();
    }

    @Test
    void stopsComeBeforeTheDelimiter() {
        AnswerRule stopped = AnswerRule.of(List.of("\n\n", "Question:"), " #### ", true);

        assertThat(stopped.answer("think #### 5\n\nQuestion: x #### 6")).isEqualTo("5");
        assertThat(stopped.answer("5Question:")).isEqualTo("5");
        assertThat(stopped.answer("")).isEmpty();
    }

    @Test
    void withoutNormalisationTextsAreOnlyTrimmed() {
        AnswerRule plain = AnswerRule.of(List.of(), "", false);

        assertThat(accepts(plain, List.of(" The end "), "\u00a0\u0085The end of it"))
                .isTrue();
        assertThat(accepts(plain, List.of("the end"), "The end")).isFalse();
    }

    private static boolean accepts(AnswerRule rule, List<String> labels, String text) {
        return rule.accept(text, rule.labels(labels));
    }

    @Test
    void settlesWhenNoFurtherTextMatters() {
        AnswerLabels labels = WHOLE.labels(List.of("new york", "apple"));

        assertThat(WHOLE.settled("new y", labels)).isFalse();
        assertThat(WHOLE.settled("new york", labels)).isFalse();
        assertThat(WHOLE.settled("new york ", labels)).isTrue();
        assertThat(WHOLE.settled("new ", labels)).isFalse();
        assertThat(WHOLE.settled("old ", labels)).isTrue();
        // "a" is an article until it becomes "apple".
        assertThat(WHOLE.settled("a", labels)).isFalse();
        assertThat(WHOLE.settled("a ", labels)).isFalse();
        assertThat(WHOLE.settled("old\uFFFD", labels)).isFalse();
        assertThat(REASONED.settled("old ", labels)).isFalse();
    }

    /** Ending a text early must never change its score: compares with the score of the whole text. */
    @Test
    void settledScoresAreFinal() {
        List<String> labels = List.of("The Answer is a b", "it's", "Émile Zola", "42", "b_c");
        for (boolean normalised : new boolean[] {true, false}) {
            AnswerRule rule = AnswerRule.of(List.of(), "", normalised);
            AnswerLabels all = rule.labels(labels);
            for (String text : List.of(
                    "the answer is a b c",
                    "The Answer is a bc",
                    "it's",
                    "its",
                    "it s not",
                    "Émile Zola!",
                    "Émi le Zola",
                    "421",
                    "4 2",
                    "a an the b c",
                    "theb_c",
                    "b c",
                    " \n ",
                    "b-c d",
                    "The Answer is a b\u0301")) {
                boolean last = rule.accept(text, all);
                for (int end = 0; end < text.length(); end++) {
                    if (rule.settled(text.substring(0, end), all)) {
                        assertThat(rule.accept(text.substring(0, end) + " ", all))
                                .as("'%s' of '%s'", text.substring(0, end), text)
                                .isEqualTo(last);
                    }
                }
            }
        }
    }
}

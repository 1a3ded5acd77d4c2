package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ClozePassageTest {

    @Test
    void cutsBothPartsAtWords() {
        for (int i = 0; i < 300; i++) {
            String text = Texts.words(i, 400 + 3 * i);

            ClozePassage passage = ClozePassage.of("id" + i, text, 300, 100);

            assertThat(text).contains(passage.context() + passage.continuation());
            assertThat(passage.context().length()).isBetween(150, 300);
            assertThat(passage.continuation().length()).isBetween(50, 100);
            assertThat(passage.context()).doesNotMatch("(?s)^\\s.*|.*\\s$");
            assertThat(passage.continuation()).matches("(?s)^\\s.*\\S$");
        }
    }

    @Test
    void takesATextThatIsJustLongEnough() {
        String text = "abcde ".repeat(10);

        assertThat(ClozePassage.of("id", text, 40, 20)).isNotNull();
        assertThat(ClozePassage.of("id", text.substring(1), 40, 20)).isNull();
        assertThat(ClozePassage.of("id", "", 1, 1)).isNull();
    }

    @Test
    void beginsAtAPlaceThatDependsOnTheId() {
        String text = Texts.words(1, 5_000);
        Set<Integer> starts = new TreeSet<>();
        for (int i = 0; i < 50; i++) {
            String context = ClozePassage.of("id" + i, text, 300, 100).context();
            assertThat(ClozePassage.of("id" + i, text, 300, 100).context()).isEqualTo(context);
            starts.add(text.indexOf(context));
        }

        assertThat(starts).hasSizeGreaterThan(40);
        assertThat(starts).anyMatch(start -> start > 2_500).anyMatch(start -> start < 2_500);
    }

    @Test
    void splitsNoCharacterWhereThereAreNoWords() {
        String faces = "\uD83D\uDE00".repeat(500);
        for (int i = 0; i < 50; i++) {
            ClozePassage passage = ClozePassage.of("id" + i, faces, 33, 11);

            assertThat((passage.context() + passage.continuation())
                            .codePoints()
                            .filter(c -> c != 0x1F600)
                            .count())
                    .isZero();
        }
    }

    @Test
    void takesNoPassageWithoutWords() {
        assertThat(ClozePassage.of("id", " ".repeat(1_000), 300, 100)).isNull();
        assertThat(ClozePassage.of("id", "x".repeat(300) + " ".repeat(100), 300, 100))
                .isNull();
    }
}

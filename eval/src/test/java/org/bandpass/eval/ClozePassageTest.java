package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClozePassageTest {

    @Test
    void takesTheFirstWordOfAStretchAndTheTwoAfterIt() {
        // 0 The 4 quick 10 brown 16 fox 20 jumps 26 over 31 the 35 lazy 40 dog 45 Then: 'lazy' is the first after 32.
        List<ClozePassage> passages =
                ClozePassage.of("id", "The quick brown fox jumps over the lazy dog. Then it sleeps.", 4);

        assertThat(passages).hasSize(1);
        ClozePassage passage = passages.get(0);
        assertThat(passage.start()).isEqualTo(35);
        assertThat(passage.context()).isEqualTo("the ");
        assertThat(passage.words()).containsExactly("lazy", "dog", "Then");
        assertThat(passage.gaps()).containsExactly(" ", ". ");
        assertThat(passage.inOrder(0, 1, 2)).isEqualTo("lazy dog. Then");
        assertThat(passage.inOrder(2, 0, 1)).isEqualTo("Then lazy. dog");
    }

    @Test
    void takesAtMostOnePassageAStretchAndThirtyTwoADocument() {
        for (int i = 0; i < 100; i++) {
            String text = Texts.words(i, 100 + 50 * i);

            List<ClozePassage> passages = ClozePassage.of("id" + i, text, 16);

            assertThat(passages).isSortedAccordingTo(ClozePassage.BY_RANK).hasSizeBetween(1, 32);
            assertThat(passages).extracting(passage -> passage.start() / 32).doesNotHaveDuplicates();
            for (ClozePassage passage : passages) {
                assertThat(text.substring(passage.start() - 16))
                        .startsWith(passage.context() + passage.inOrder(0, 1, 2));
            }
        }
        assertThat(ClozePassage.of("id", Texts.words(1, 10_000), 16)).hasSize(32);
    }

    @Test
    void choosesOtherPassagesOfALongDocumentWithAnotherId() {
        String text = Texts.words(1, 20_000);

        assertThat(ClozePassage.of("a", text, 16)).isEqualTo(ClozePassage.of("a", text, 16));
        assertThat(ClozePassage.of("a", text, 16).get(0).start())
                .isNotEqualTo(ClozePassage.of("b", text, 16).get(0).start());
    }

    @Test
    void takesNoPassageOfEqualWordsLongWordsWideGapsOrTheEnd() {
        String before = "....................................";

        assertThat(ClozePassage.of("id", before + "one two three", 16)).hasSize(1);
        assertThat(ClozePassage.of("id", before + "one two one", 16)).isEmpty();
        assertThat(ClozePassage.of("id", before + "one two", 16)).isEmpty();
        assertThat(ClozePassage.of("id", before + "one -- - two three", 16)).isEmpty();
        assertThat(ClozePassage.of("id", before + "one twotwotwotwotwo three", 16))
                .isEmpty();
        assertThat(ClozePassage.of("id", before, 16)).isEmpty();
        assertThat(ClozePassage.of("id", "one two three", 16)).isEmpty();
        assertThat(ClozePassage.of("id", "", 1)).isEmpty();
    }

    @Test
    void takesAnIdeographAsAWordAndSplitsNoCharacter() {
        String faces = "\uD83D\uDE00".repeat(17);

        // 34 UTF-16 units, so the first ideograph is at 34 and the context of 15 would split a face.
        ClozePassage passage =
                ClozePassage.of("id", faces + "\u6F22\uD840\uDC0B\u5B57", 15).get(0);

        assertThat(passage.words()).containsExactly("\u6F22", "\uD840\uDC0B", "\u5B57");
        assertThat(passage.gaps()).containsExactly("", "");
        assertThat(passage.context()).isEqualTo("\uD83D\uDE00".repeat(7));
    }

    @Test
    void keepsMarksWithTheirLetters() {
        // The vowel signs of Devanagari are marks, not letters.
        String text = ".".repeat(32) + "\u0939\u093F\u0928\u094D\u0926\u0940 \u092D\u093E\u0937\u093E \u0939\u0948";

        assertThat(ClozePassage.of("id", text, 3).get(0).words())
                .containsExactly("\u0939\u093F\u0928\u094D\u0926\u0940", "\u092D\u093E\u0937\u093E", "\u0939\u0948");
    }
}

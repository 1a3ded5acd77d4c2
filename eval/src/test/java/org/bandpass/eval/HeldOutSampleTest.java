package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitPart;
import org.bandpass.service.ProgramFailure;
import org.junit.jupiter.api.Test;

class HeldOutSampleTest {

    @Test
    void takesAllWithoutABound() {
        HeldOutSample sample = sample(0, 0, Texts.documents("prose", 30, 200));

        assertThat(sample.documents()).hasSize(30).isSortedAccordingTo(Comparator.comparing(HeldOutDocument::id));
        assertThat(sample.capped()).isFalse();
        assertThat(sample.documents()).noneMatch(HeldOutDocument::cut);
    }

    @Test
    void takesTheSmallestIdsUpToTheBound() {
        List<Document> documents = new ArrayList<>(Texts.documents("prose", 200, 50));
        List<Document> sorted =
                documents.stream().sorted(Comparator.comparing(Document::getId)).toList();
        long bytes = 0;
        List<String> expected = new ArrayList<>();
        for (Document document : sorted) {
            if (bytes < 20_000) {
                expected.add(document.getId());
                bytes += document.getBytes();
            }
        }
        for (int i = 0; i < 5; i++) {
            Collections.shuffle(documents, new Random(i));
            HeldOutSample sample = sample(20_000, 0, documents);

            assertThat(sample.documents()).extracting(HeldOutDocument::id).isEqualTo(expected);
            assertThat(sample.capped()).isTrue();
        }
    }

    @Test
    void keepsOneDocumentLargerThanTheBound() {
        assertThat(sample(10, 0, Texts.documents("prose", 3, 500)).documents()).hasSize(1);
    }

    @Test
    void countsADuplicateDocumentOnce() {
        List<Document> documents = Texts.documents("prose", 5, 100);
        List<Document> elsewhere = documents.stream()
                .map(d -> Document.newBuilder(d).setDomain("mirror").build())
                .toList();
        List<Document> both = new ArrayList<>(documents);
        both.addAll(elsewhere);
        List<Document> reversed = new ArrayList<>(elsewhere);
        reversed.addAll(documents);

        assertThat(sample(0, 0, both).documents()).hasSize(5);
        assertThat(sample(0, 0, both).documents())
                .isEqualTo(sample(0, 0, reversed).documents());
    }

    @Test
    void cutsALongDocumentBetweenCharacters() {
        // 1, 2, 3 and 4 bytes.
        String text = "aé€\uD83D\uDE00".repeat(100);
        for (int max = 1; max < 50; max++) {
            HeldOutDocument document = HeldOutDocument.of(Texts.document("d", text), max);

            assertThat(document.bytes()).isBetween(max - 3L, (long) max);
            assertThat(document.text().getBytes(StandardCharsets.UTF_8)).hasSize((int) document.bytes());
            assertThat(text).startsWith(document.text());
            assertThat(document.cut()).isTrue();
        }
        assertThat(HeldOutDocument.of(Texts.document("d", text), 1_000).cut()).isFalse();
        assertThat(HeldOutDocument.of(Texts.document("d", text), 999).cut()).isTrue();
    }

    @Test
    void refusesDocumentsOfDifferentSplits() {
        HeldOutSplit split = new HeldOutSplit(EvalSettingsTest.parse());
        split.add(Texts.document("d", "one"));

        assertThatThrownBy(() -> split.add(Texts.document("d", "two", SplitPart.HELD_OUT, new Split(18, 0.05, 0.20))))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("seed 17")
                .hasMessageContaining("seed 18");
    }

    private static HeldOutSample sample(long maxBytes, int maxDocumentBytes, List<Document> documents) {
        HeldOutSample sample = new HeldOutSample(new EvalSettings.HeldOut(maxBytes, maxDocumentBytes, 0));
        documents.forEach(sample::add);
        return sample;
    }
}

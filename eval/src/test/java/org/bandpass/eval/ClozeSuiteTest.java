package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.Unit;
import org.junit.jupiter.api.Test;

class ClozeSuiteTest {

    private static final EvalSettings.Cloze SETTINGS = new EvalSettings.Cloze(16, 60);

    @Test
    void asksForTheTrueOrderOfThreeWords() {
        List<Document> prose = Texts.documents("prose", 20, 500);
        List<Document> code = Texts.documents("code", 3, 500);
        List<ClozeQuestion> questions = suite(SETTINGS, prose, code).questions();

        assertThat(questions).hasSizeGreaterThan(60);
        Map<String, Document> byId = new HashMap<>();
        prose.forEach(d -> byId.put(d.getId(), d));
        code.forEach(d -> byId.put(d.getId(), d));
        for (ClozeQuestion question : questions) {
            Document asked = byId.get(question.id().substring(0, 32));
            assertThat(question.domain()).isEqualTo(asked.getDomain());
            assertThat(question.choices()).hasSize(2);
            String right = question.choices().get(question.gold());
            String wrong = question.choices().get(1 - question.gold());
            assertThat(asked.getText()).contains(question.context() + right);
            assertThat(wrong).isNotEqualTo(right);
            assertThat(letters(wrong)).isEqualTo(letters(right));
            assertThat(wrong.getBytes(StandardCharsets.UTF_8)).hasSameSizeAs(right.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(questions).extracting(ClozeQuestion::id).doesNotHaveDuplicates();
        assertThat(questions.stream().map(ClozeQuestion::gold).distinct()).hasSize(2);
    }

    private static String letters(String text) {
        char[] letters = text.toCharArray();
        Arrays.sort(letters);
        return new String(letters);
    }

    @Test
    void asksTheSameWhateverTheOrderOfDocuments() {
        EvalSettings.Cloze bounded = new EvalSettings.Cloze(16, 5);
        List<Document> documents = new ArrayList<>(Texts.documents("prose", 60, 450));
        documents.addAll(Texts.documents("code", 30, 450));
        List<ClozeQuestion> expected = suite(bounded, documents).questions();
        for (int i = 0; i < 5; i++) {
            Collections.shuffle(documents, new Random(i));
            assertThat(suite(bounded, documents).questions()).isEqualTo(expected);
        }
        assertThat(expected).hasSize(10);
        assertThat(expected)
                .isSortedAccordingTo(Comparator.comparing(ClozeQuestion::domain).thenComparing(ClozeQuestion::id));
    }

    @Test
    void asksOnceAboutADuplicateDocument() {
        List<Document> documents = Texts.documents("prose", 10, 450);

        assertThat(suite(SETTINGS, documents, documents).questions())
                .isEqualTo(suite(SETTINGS, documents).questions());
    }

    @Test
    void changesNoQuestionWhenADocumentArrives() {
        List<Document> documents = Texts.documents("prose", 41, 450);
        List<ClozeQuestion> before = suite(SETTINGS, documents.subList(0, 40)).questions();

        List<ClozeQuestion> after = suite(SETTINGS, documents).questions();

        assertThat(before).hasSize(60);
        assertThat(after).hasSize(60);
        // About one of 41 questions is about the new document.
        assertThat(after.stream().filter(before::contains).count()).isBetween(50L, 60L);
    }

    @Test
    void givesAChangedQuestionAnotherId() {
        List<Document> documents = Texts.documents("prose", 10, 450);
        Set<String> ids = new HashSet<>();
        suite(SETTINGS, documents).questions().forEach(question -> ids.add(question.id()));

        List<ClozeQuestion> longer =
                suite(new EvalSettings.Cloze(20, 60), documents).questions();

        assertThat(longer).isNotEmpty().noneMatch(question -> ids.contains(question.id()));
    }

    @Test
    void leavesOutDomainsWithoutAPassage() {
        List<Document> brief = Texts.documents("brief", 2, 8);
        List<Document> alike = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            alike.add(Texts.document("alike", "same ".repeat(100 + i)));
        }
        ClozeSuite suite = suite(SETTINGS, brief, alike, Texts.documents("one", 1, 450));

        assertThat(suite.leftOut()).containsExactly(Map.entry("alike", 5), Map.entry("brief", 2));
        assertThat(suite.questions())
                .isNotEmpty()
                .allMatch(question -> question.domain().equals("one"));
    }

    @Test
    void hasNoQuestionsAboutPackedSequences() {
        ClozeSuite suite = new ClozeSuite(SETTINGS);
        for (int i = 0; i < 6; i++) {
            suite.add(Document.newBuilder(Texts.document("packed", ""))
                    .setId(DocumentId.of(new int[] {i}))
                    .setUnit(Unit.SEQUENCE)
                    .setSplit(Texts.SPLIT.stamp(SplitPart.HELD_OUT))
                    .setTokenIds(List.of(i))
                    .build());
        }

        assertThat(suite.questions()).isEmpty();
        assertThat(suite.leftOut()).containsExactly(Map.entry("packed", 6));
    }

    @SafeVarargs
    private static ClozeSuite suite(EvalSettings.Cloze settings, List<Document>... documents) {
        ClozeSuite suite = new ClozeSuite(settings);
        for (List<Document> some : documents) {
            some.forEach(suite::add);
        }
        return suite;
    }
}

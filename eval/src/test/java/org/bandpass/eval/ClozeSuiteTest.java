package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
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

    private static final EvalSettings.Cloze SETTINGS = new EvalSettings.Cloze(300, 100, 60);

    @Test
    void asksForTheTrueContinuationAmongThreeOfTheSameDomain() {
        List<Document> prose = Texts.documents("prose", 20, 500);
        List<Document> code = Texts.documents("code", 9, 500);
        List<ClozeQuestion> questions = suite(SETTINGS, prose, code).questions();

        assertThat(questions).hasSize(29);
        Map<String, Document> byId = new HashMap<>();
        prose.forEach(d -> byId.put(d.getId(), d));
        code.forEach(d -> byId.put(d.getId(), d));
        for (ClozeQuestion question : questions) {
            Document asked = byId.get(question.id().substring(0, 32));
            assertThat(question.domain()).isEqualTo(asked.getDomain());
            assertThat(question.choices()).hasSize(4).doesNotHaveDuplicates();
            for (int c = 0; c < 4; c++) {
                String choice = question.choices().get(c);
                boolean own = asked.getText().contains(question.context() + choice);
                assertThat(own).isEqualTo(c == question.gold());
                assertThat(byId.values())
                        .anyMatch(d -> d.getDomain().equals(question.domain())
                                && d.getText().contains(choice));
            }
        }
        assertThat(questions).extracting(ClozeQuestion::id).doesNotHaveDuplicates();
        assertThat(questions.stream().map(ClozeQuestion::gold).distinct()).hasSize(4);
    }

    @Test
    void asksTheSameWhateverTheOrderOfDocuments() {
        EvalSettings.Cloze bounded = new EvalSettings.Cloze(300, 100, 5);
        List<Document> documents = new ArrayList<>(Texts.documents("prose", 60, 450));
        documents.addAll(Texts.documents("code", 30, 450));
        List<ClozeQuestion> expected = suite(bounded, documents).questions();
        for (int i = 0; i < 5; i++) {
            Collections.shuffle(documents, new Random(i));
            assertThat(suite(bounded, documents).questions()).isEqualTo(expected);
        }
        assertThat(expected).hasSize(10);
        assertThat(expected)
                .isSortedAccordingTo(
                        java.util.Comparator.comparing(ClozeQuestion::domain).thenComparing(ClozeQuestion::id));
    }

    @Test
    void asksOnceAboutADuplicateDocument() {
        List<Document> documents = Texts.documents("prose", 10, 450);

        assertThat(suite(SETTINGS, documents, documents).questions())
                .isEqualTo(suite(SETTINGS, documents).questions());
    }

    @Test
    void givesAChangedQuestionAnotherId() {
        List<Document> documents = Texts.documents("prose", 41, 450);
        Set<ClozeQuestion> before =
                new HashSet<>(suite(SETTINGS, documents.subList(0, 40)).questions());
        List<ClozeQuestion> after = suite(SETTINGS, documents).questions();

        Set<String> idsBefore = new HashSet<>();
        before.forEach(question -> idsBefore.add(question.id()));
        long kept = after.stream().filter(before::contains).count();
        // One more document displaces a wrong continuation in about 3 of 40 questions.
        assertThat(kept).isBetween(30L, 40L);
        assertThat(after.stream().filter(question -> idsBefore.contains(question.id())))
                .hasSize((int) kept);
    }

    @Test
    void leavesOutDomainsWithoutFourUsableDocuments() {
        List<Document> few = Texts.documents("few", 3, 450);
        List<Document> brief = Texts.documents("brief", 12, 10);
        List<Document> four = Texts.documents("four", 4, 450);
        List<Document> alike = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            alike.add(Texts.document("alike", "same ".repeat(100 + i)));
        }
        ClozeSuite suite = suite(new EvalSettings.Cloze(30, 20, 60), few, four);
        alike.forEach(suite::add);
        brief.forEach(suite::add);

        assertThat(suite.leftOut()).containsEntry("few", 3).containsEntry("alike", 5);
        assertThat(suite(SETTINGS, brief, four).leftOut()).containsExactly(Map.entry("brief", 12));
        assertThat(suite.leftOut()).doesNotContainKey("four");
        assertThat(suite.questions().stream().filter(q -> q.domain().equals("four")))
                .hasSize(4);
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

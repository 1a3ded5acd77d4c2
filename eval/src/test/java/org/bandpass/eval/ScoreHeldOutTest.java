package org.bandpass.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.DocumentId;
import org.bandpass.schemas.EvaluationRow;
import org.bandpass.schemas.Unit;
import org.junit.jupiter.api.Test;

class ScoreHeldOutTest {

    private static final EvalSettings.HeldOut ALL = new EvalSettings.HeldOut(0, 0, 0);

    private final ByteModel model = new ByteModel("m");

    @Test
    void predictsEachByteOfEachDocumentOnce() {
        List<Document> documents = new ArrayList<>(Texts.documents("prose", 25, 100));
        documents.add(Texts.document("brief", "x"));

        TaskScore score = score(ALL, documents);

        assertThat(score.rows()).hasSize(26);
        for (EvaluationRow row : score.rows()) {
            Document document = documents.stream()
                    .filter(d -> d.getId().equals(row.getId()))
                    .findFirst()
                    .orElseThrow();
            int[] ids = model.encode(document.getText());
            double nats = model.nats(0, ids[0]);
            for (int i = 1; i < ids.length; i++) {
                nats += model.nats(ids[i - 1], ids[i]);
            }
            assertThat(row.getNats()).isCloseTo(nats, within(1e-3));
            assertThat(row.getTokens()).isEqualTo(ids.length);
            assertThat(row.getBytes()).isEqualTo(document.getBytes());
            assertThat(row.getGroup()).isEqualTo(document.getDomain());
            assertThat(row.getCorrect()).isNull();
        }
        assertThat(score.rows()).extracting(EvaluationRow::getId).isSorted();
    }

    @Test
    void givesTheSameRowsAgain() {
        List<Document> documents = Texts.documents("prose", 300, 900);

        assertThat(score(ALL, documents).rows()).isEqualTo(score(ALL, documents).rows());
    }

    @Test
    void countsOnlyTheBytesThatWereScoredUnderACapOnWindows() {
        Document document = Texts.document("prose", "a".repeat(200));
        EvalSettings.HeldOut capped = new EvalSettings.HeldOut(0, 0, 2);

        TaskScore score = score(capped, List.of(document, Texts.document("prose", "brief")));

        EvaluationRow row = row(score, document.getId());
        assertThat(row.getTokens()).isEqualTo(2L * model.contextLength());
        assertThat(row.getBytes()).isEqualTo(2L * model.contextLength());
        assertThat(score.cut()).isEqualTo(1);
        assertThat(score.version())
                .contains("windows 2")
                .isNotEqualTo(score(ALL, List.of()).version());
    }

    @Test
    void scoresTheIdsOfAPackedSequence() {
        List<Integer> ids = List.of(5, 7, 5, 9);
        TaskScore score = score(ALL, List.of(sequence(ids, "bytes")));

        EvaluationRow row = score.rows().get(0);
        double nats = model.nats(0, 5) + model.nats(5, 7) + model.nats(7, 5) + model.nats(5, 9);
        assertThat(row.getNats()).isCloseTo(nats, within(1e-4));
        assertThat(row.getTokens()).isEqualTo(4);
        assertThat(row.getBytes()).isEqualTo(17);
    }

    @Test
    void refusesASequenceOfAnotherTokenizer() {
        assertThatThrownBy(() -> score(ALL, List.of(sequence(List.of(5, 7), "other"))))
                .isInstanceOfSatisfying(
                        RefusedRunException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RefusedRunException.Reason.OTHER_TOKENIZER))
                .hasMessageContaining("other")
                .hasMessageContaining("bytes");
    }

    @Test
    void refusesLikelihoodsThatAreNotFinite() {
        ByteModel diverged = new ByteModel("m") {
            @Override
            double nats(int before, int id) {
                return Double.NaN;
            }
        };

        assertThatThrownBy(() -> score(diverged, ALL, List.of(Texts.document("d", "text"))))
                .isInstanceOfSatisfying(
                        RefusedRunException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RefusedRunException.Reason.NOT_FINITE))
                .hasMessageContaining(DocumentId.of("text"));
    }

    @Test
    void listsDocumentsWithoutTokens() {
        ByteModel deaf = new ByteModel("m") {
            @Override
            public int[] encode(String text) {
                return text.startsWith("?") ? new int[0] : super.encode(text);
            }
        };

        TaskScore score = score(deaf, ALL, List.of(Texts.document("d", "text"), Texts.document("d", "??")));

        assertThat(score.rows()).hasSize(1);
        assertThat(score.empty()).containsExactly(DocumentId.of("??"));
    }

    @Test
    void endsEarlyWhenTheResultIsNoLongerWanted() {
        HeldOutSample sample = new HeldOutSample(ALL);
        sample.add(Texts.document("d", "text"));
        EvaluationTask.Watch cancelled = (done, total) -> {
            throw new CancellationException();
        };

        assertThatThrownBy(() -> new ScoreHeldOut(ALL, 4096, sample).score(model, cancelled))
                .isInstanceOf(CancellationException.class);
    }

    private static Document sequence(List<Integer> ids, String tokenizer) {
        return Document.newBuilder(Texts.document("packed", ""))
                .setId(DocumentId.of(ids.stream().mapToInt(Integer::intValue).toArray()))
                .setUnit(Unit.SEQUENCE)
                .setBytes(17)
                .setTokenIds(ids)
                .setTokenizerRevision(tokenizer)
                .build();
    }

    private static EvaluationRow row(TaskScore score, String id) {
        return score.rows().stream()
                .filter(row -> row.getId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private TaskScore score(EvalSettings.HeldOut settings, List<Document> documents) {
        return score(model, settings, documents);
    }

    private static TaskScore score(ByteModel model, EvalSettings.HeldOut settings, List<Document> documents) {
        HeldOutSample sample = new HeldOutSample(settings);
        documents.forEach(sample::add);
        return new ScoreHeldOut(settings, 4096, sample).score(model, (done, total) -> {});
    }
}

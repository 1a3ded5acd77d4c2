package org.bandpass.selector.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.Document;
import org.bandpass.schemas.Score;
import org.bandpass.schemas.ScoredDocument;
import org.bandpass.schemas.Unit;
import org.bandpass.schemas.UnknownSchemaException;
import org.bandpass.selector.score.RefusedScore.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreReaderTest {

    private static final AvroSerde<ScoredDocument> SERDE = AvroSerde.of(ScoredDocument.class);

    @Test
    void findsTheValuesOfTheWholeRecord() {
        ScoreReader reader = new ScoreReader();
        for (Scored scored : Scored.many(300, 5)) {
            ScoredDocument whole = SERDE.read(scored.bytes());

            reader.read(scored.bytes());

            assertThat(reader.meanNll())
                    .isEqualTo(whole.getScore().getNats() / whole.getScore().getTokens());
            assertThat(reader.tokens()).isEqualTo(whole.getScore().getTokens());
            assertThat(reader.bytes()).isEqualTo(whole.getScore().getBytes());
            assertThat(reader.modelRevision()).isEqualTo(whole.getScore().getModelRevision());
            assertThat(reader.domain()).isEqualTo(whole.getDocument().getDomain());
            assertThat(reader.stratum(Stratification.ALL)).isEqualTo("all");
            assertThat(reader.stratum(Stratification.DOMAIN))
                    .isEqualTo("domain=" + whole.getDocument().getDomain());
            assertThat(reader.stratum(Stratification.SOURCE)).isEqualTo("source=test");
            assertThat(reader.stratum(Stratification.LANGUAGE))
                    .isEqualTo(whole.getDocument().getLanguage() == null ? "all" : "language=en");
        }
    }

    @Test
    void readsASequenceWithIdsMetadataAndAllFields() {
        Document sequence = Document.newBuilder(Scored.of("", 1).document().getDocument())
                .setUnit(Unit.SEQUENCE)
                .setDomain("code/δ")
                .setUrl("https://example.org")
                .setMetadata(Map.of("a", "b"))
                .setTokenIds(List.of(1, 2, 3))
                .setCovers(List.of("x", "y"))
                .build();
        ScoreReader reader = new ScoreReader();

        reader.read(SERDE.write(
                new ScoredDocument(new Score(6.0, 3L, 0L, 1, true, "rev", "tok", null, null, null), sequence)));

        assertThat(reader.meanNll()).isEqualTo(2);
        assertThat(reader.stratum(Stratification.DOMAIN)).isEqualTo("domain=code/δ");
    }

    @Test
    void stopsBeforeTheText() {
        byte[] bytes = Scored.of("a text that is cut off", 2.5).bytes();
        ScoreReader reader = new ScoreReader();

        reader.read(Arrays.copyOf(bytes, bytes.length - 10));

        assertThat(reader.meanNll()).isEqualTo(2.5);
    }

    @Test
    void refusesBytesThatAreNotAScoredDocument() {
        byte[] bytes = Scored.of("text", 2).bytes();
        refuses(null, Reason.UNREADABLE);
        refuses(new byte[0], Reason.UNREADABLE);
        refuses(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, Reason.UNREADABLE);
        for (int length = 0; length < 80; length++) {
            refuses(Arrays.copyOf(bytes, length), Reason.UNREADABLE);
        }
    }

    @Test
    void distinguishesAnUnknownSchemaFromDamagedBytes() {
        assertThatThrownBy(() -> new ScoreReader().read(Scored.of("text", 2).bytesOfAnUnknownSchema()))
                .isInstanceOf(UnknownSchemaException.class)
                .hasMessageContaining("fingerprint");
    }

    @Test
    void readsTheOriginOfEachRecord() {
        ScoreReader reader = new ScoreReader();

        reader.read(Scored.of("text", 2).in("bf16").bytes());
        assertThat(reader.origin()).isEqualTo("dtype bf16, max.windows 0, context token 5");
        reader.read(Scored.of("text", 2).bytes());
        assertThat(reader.origin()).isEmpty();
        reader.read(Scored.of("text", 2).in("fp32").bytes());
        assertThat(reader.origin()).isEqualTo("dtype fp32, max.windows 0, context token 5");
    }

    @Test
    void readsOrRefusesDamagedBytes() {
        byte[] good = Scored.of("text", 2).bytes();
        SplittableRandom random = new SplittableRandom(1);
        ScoreReader reader = new ScoreReader();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int change = 0; change <= random.nextInt(3); change++) {
                bytes[10 + random.nextInt(bytes.length - 10)] = (byte) random.nextInt(256);
            }
            try {
                reader.read(bytes);
                assertThat(reader.meanNll()).isFinite();
            } catch (RefusedScore e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(100, 19_900);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesAScoreThatIsNotFinite(double nats) {
        refuses(Scored.of("text", nats).bytes(), Reason.NON_FINITE);
    }

    @Test
    void refusesAScoreWithoutTokens() {
        refuses(new Scored("text", 1, 0, "books", null, "m").bytes(), Reason.NON_FINITE);
    }

    @Test
    void givesEmptyAndLongValuesTheStratumOfAllScores() {
        assertThat(Stratification.DOMAIN.stratum("")).isEqualTo("all");
        assertThat(Stratification.DOMAIN.stratum("x".repeat(201))).isEqualTo("all");
        assertThat(Stratification.DOMAIN.stratum("x".repeat(200))).startsWith("domain=x");
    }

    @Test
    void countsMinusZeroAsZero() {
        ScoreReader reader = new ScoreReader();

        reader.read(Scored.of("text", -0.0).bytes());

        assertThat(Double.doubleToRawLongBits(reader.meanNll())).isZero();
    }

    private static void refuses(byte[] bytes, Reason reason) {
        assertThatThrownBy(() -> new ScoreReader().read(bytes))
                .isInstanceOfSatisfying(
                        RefusedScore.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}

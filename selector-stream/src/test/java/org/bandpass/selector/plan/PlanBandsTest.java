package org.bandpass.selector.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.bandpass.schemas.Band;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanBandsTest {

    @ParameterizedTest
    @CsvSource({
        "low, 0.5, 0, 0.5",
        "medium, 0.5, 0.25, 0.75",
        "high, 0.5, 0.5, 1",
        "low, 0.25, 0, 0.25",
        "medium, 0.25, 0.375, 0.625",
        "high, 0.25, 0.75, 1",
        "high, 0.7, 0.3, 1",
        "medium, 0.1, 0.45, 0.55",
        "low, 1, 0, 1",
        "high, 1, 0, 1"
    })
    void hasThePapersIntervals(String name, double rate, double from, double to) {
        assertThat(PlanBands.named(name, rate)).isEqualTo(new Band(name, from, to));
    }

    @Test
    void readsTheBandInTheNameOfAPlan() {
        assertThat(PlanBands.ofShorthand("high-50")).isEqualTo(new Band("high", 0.5, 1.0));
        assertThat(PlanBands.ofShorthand("low-5")).isEqualTo(new Band("low", 0.0, 0.05));
        assertThat(List.of("high-0", "high-100", "high", "tall-50", "high-50-again", "xhigh-50"))
                .allSatisfy(name -> assertThat(PlanBands.ofShorthand(name)).isNull());
    }

    @Test
    void lowAndHighTogetherContainEveryRankOnceAtHalf() {
        Band low = PlanBands.named("low", 0.5);
        Band high = PlanBands.named("high", 0.5);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 10_000; i++) {
            double rank = i < 3 ? i / 2.0 : random.nextDouble();
            assertThat(PlanBands.contains(low, rank)).isNotEqualTo(PlanBands.contains(high, rank));
        }
    }

    @ParameterizedTest
    @CsvSource({"-0.1, 0.5", "0.5, 0.5", "0.6, 0.5", "0.5, 1.1", "NaN, 1", "0, NaN"})
    void refusesInvalidIntervals(double from, double to) {
        assertThatThrownBy(() -> PlanBands.check(List.of(new Band("b", from, to))))
                .hasMessageContaining("band 'b'")
                .hasMessageContaining(Double.toString(from))
                .hasMessageContaining(Double.toString(to));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a/b", "-a", "a b", "é"})
    void refusesNamesThatCannotBePartOfATopicName(String name) {
        assertThatThrownBy(() -> PlanBands.checkName("the plan", name)).hasMessageContaining("'" + name + "'");
        assertThatThrownBy(() -> PlanBands.check(List.of(new Band(name, 0.0, 1.0))))
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void refusesTwoBandsOfOneNameAndNone() {
        Band band = new Band("b", 0.0, 1.0);

        assertThatThrownBy(() -> PlanBands.check(List.of(band, band))).hasMessageContaining("'b'");
        assertThatThrownBy(() -> PlanBands.check(List.of())).hasMessageContaining("not 0");
    }

    @Test
    void aNameThatImpliesABandCannotHaveAnother() {
        List<Band> other = List.of(PlanBands.named("low", 0.5));

        assertThatThrownBy(() -> draft("high-50", other)).hasMessageContaining("'high-50'");
        assertThat(draft("low-50", other).plan().getBands()).isEqualTo(other);
    }

    private static PlanDraft draft(String name, List<Band> bands) {
        return new PlanDraft(PlanDraft.frozen(name, bands).build(), null, null, false, false);
    }
}

package org.bandpass.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StepBudgetTest {

    @Test
    void keepsThePresetsRowsWhereThereAreEnoughSteps() {
        assertThat(StepBudget.of(16L * 256 * 200, 16, 256)).isEqualTo(new StepBudget(200, 16, 256));
        assertThat(StepBudget.of(16L * 256 * 200 - 1, 16, 256)).isEqualTo(new StepBudget(399, 8, 256));
    }

    @Test
    void neverExceedsTheBudgetAndLosesLessThanAStep() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long tokens = 32 + random.nextInt(5_000_000);
            StepBudget budget = StepBudget.of(tokens, 1 << random.nextInt(10), 32);
            assertThat(budget.steps()).isPositive();
            assertThat(budget.tokens()).isLessThanOrEqualTo(tokens);
            assertThat(tokens - budget.tokens()).isLessThan(budget.tokensPerStep());
        }
    }

    @Test
    void refusesLessThanARow() {
        assertThat(StepBudget.of(32, 16, 32)).isEqualTo(new StepBudget(1, 1, 32));
        assertThatThrownBy(() -> StepBudget.of(31, 16, 32)).hasMessageContaining("31 tokens");
    }

    @Test
    void averagesLossesOverEqualShares() {
        LossCurve losses = new LossCurve(List.of());
        assertThat(losses.means()).isEmpty();
        assertThat(losses.last()).isNaN();
        for (int i = 0; i < 1_234; i++) {
            losses.add(i);
        }

        assertThat(losses.means()).hasSize(100);
        assertThat(losses.means().get(0)).isEqualTo(5.5);
        assertThat(losses.last()).isEqualTo(1_233);
        assertThat(losses.means().stream().mapToDouble(d -> d).average().orElseThrow())
                .isCloseTo(616.5, within(1.0));
        assertThat(new LossCurve(List.of(3.0, 4.0)).means()).containsExactly(3.0, 4.0);
    }
}

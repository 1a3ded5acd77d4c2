package org.bandpass.eval.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bandpass.eval.figures.MeanScore;
import org.junit.jupiter.api.Test;

class StepsToControlTest {

    private static final CheckpointScore CONTROL = at(300, 0.2);

    private static CheckpointScore at(long step, double score, String... absent) {
        return new CheckpointScore(step, 1000 * step, new MeanScore(score, 0.01, score, 3, List.of(absent)));
    }

    @Test
    void findsTheFirstCheckpointThatIsAsGood() {
        StepsToControl found =
                StepsToControl.of(List.of(at(50, 0.1), at(100, 0.19), at(150, 0.2), at(200, 0.1)), CONTROL);
        assertThat(found).isNotNull();
        assertThat(found.reached().step()).isEqualTo(150);
        assertThat(found.below()).isEqualTo(at(100, 0.19));
        assertThat(found.ratio()).isEqualTo(2);
    }

    @Test
    void hasNoStepBelowWhereTheFirstIsAsGood() {
        StepsToControl found = StepsToControl.of(List.of(at(50, 0.3), at(100, 0.1)), CONTROL);
        assertThat(found).isNotNull();
        assertThat(found.below()).isNull();
        assertThat(found.ratio()).isEqualTo(6);
    }

    @Test
    void ignoresMeansOfOtherTasks() {
        List<CheckpointScore> steps = List.of(at(50, 0.9, "copa/0-shot (not scored)"), at(100, 0.1));
        assertThat(StepsToControl.of(steps, CONTROL)).isNull();
    }

    @Test
    void knowsNoRatioWithoutTokens() {
        CheckpointScore unknown = new CheckpointScore(50, null, at(50, 0.5).average());
        StepsToControl found = StepsToControl.of(List.of(unknown), CONTROL);
        assertThat(found).isNotNull();
        assertThat(found.ratio()).isNull();
    }
}

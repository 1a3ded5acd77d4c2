package org.bandpass.eval.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.bandpass.schemas.RunRole;
import org.bandpass.schemas.RunState;
import org.bandpass.schemas.TrainingRun;
import org.junit.jupiter.api.Test;

class SeedRunsTest {

    @Test
    void standsForTheSmallestFinishedSeedOfTheLastSize() {
        SeedRuns runs = of(
                run("early", 3, 100, 500, RunState.FINISHED),
                run("begun", 16, 101, 1_000, RunState.PROGRESS),
                run("first", 17, 102, 1_000, RunState.FINISHED),
                run("second", 18, 103, 1_000, RunState.FINISHED));

        assertThat(runs.finished()).containsExactly(17L, 18L);
        assertThat(runs.first(null).getRunId()).isEqualTo("first");
        assertThat(runs.first(run("control", 18, 1, 1_000, RunState.FINISHED)).getRunId())
                .isEqualTo("second");
        assertThat(runs.first(run("control", 16, 1, 1_000, RunState.FINISHED)).getRunId())
                .isEqualTo("first");
    }

    @Test
    void takesTheLastRunOfASeed() {
        SeedRuns runs = of(
                run("new", 17, 101, 1_000, RunState.FINISHED),
                run("old", 17, 100, 1_000, RunState.FINISHED),
                run("begun", 17, 102, 1_000, RunState.STARTED));

        assertThat(runs.first(null).getRunId()).isEqualTo("new");
    }

    @Test
    void takesAnUnfinishedRunWhereThereIsNoOther() {
        assertThat(of(run("begun", 17, 1, 1_000, RunState.STARTED)).first(null).getRunId())
                .isEqualTo("begun");
        assertThat(of().first(null)).isNull();
    }

    private static SeedRuns of(TrainingRun... runs) {
        return SeedRuns.of(List.of(runs), RunRole.CONTROL, run -> true);
    }

    private static TrainingRun run(String id, long seed, long updated, long tokens, RunState state) {
        return TrainingRun.newBuilder()
                .setRunId(id)
                .setState(state)
                .setRole(RunRole.CONTROL)
                .setTopic("scored")
                .setSeed(seed)
                .setTokenBudget(tokens)
                .setUpdatedAt(Instant.ofEpochSecond(updated))
                .build();
    }
}

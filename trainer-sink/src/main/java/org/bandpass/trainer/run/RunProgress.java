package org.bandpass.trainer.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.bandpass.trainer.data.DataPosition;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is; {@code progress.json}.
 *
 * @param position where the next rows begin
 * @param seconds wall time spent in training, all attempts together
 * @param endedBy why it ended, or null while it continues
 */
record RunProgress(
        DataPosition position,
        LossCurve losses,
        double seconds,
        @Nullable EndedBy endedBy) {

    /** Why a run has ended. */
    enum EndedBy {
        /** All its tokens were trained on. */
        TOKENS,
        /** Its minutes are over. */
        TIME,
        /** It has made the most passes over the data that the settings allow. */
        DATA
    }

    static RunProgress none() {
        return new RunProgress(DataPosition.START, new LossCurve(List.of()), 0, null);
    }

    @JsonProperty("step")
    long steps() {
        return losses.steps();
    }

    /** Returns the same with its own losses: those of a running training grow in place. */
    RunProgress copy() {
        return new RunProgress(position, new LossCurve(losses.losses()), seconds, endedBy);
    }
}

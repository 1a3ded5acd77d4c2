package org.bandpass.trainer.run;

import java.util.Map;
import org.bandpass.schemas.DeadLetter;
import org.bandpass.schemas.TrainingRun;
import org.bandpass.trainer.data.DataSet;
import org.jspecify.annotations.Nullable;

/**
 * A run that is ready to train.
 *
 * @param run what it is
 * @param data its documents; null where it has ended and needs none
 * @param last its last checkpoint, or null
 * @param said what training-runs says of it, or null
 * @param fresh whether it begins now
 * @param letters what was refused, by position
 */
record PreparedRun(
        RunDescription run,
        @Nullable DataSet data,
        @Nullable Checkpoint last,
        @Nullable TrainingRun said,
        boolean fresh,
        Map<String, DeadLetter> letters) {

    RunProgress progress() {
        return last == null ? RunProgress.none() : last.progress();
    }
}

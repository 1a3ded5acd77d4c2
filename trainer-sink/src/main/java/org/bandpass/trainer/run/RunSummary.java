package org.bandpass.trainer.run;

import java.util.Locale;
import org.bandpass.schemas.TrainingRun;

/**
 * What a run came to.
 *
 * @param run its last record
 * @param loss loss of the last step, nats per token
 */
record RunSummary(TrainingRun run, double loss) {

    double tokensPerSecond() {
        return run.getSeconds() > 0 ? run.getTokens() / run.getSeconds() : 0;
    }

    String role() {
        return run.getRole().name().toLowerCase(Locale.ROOT);
    }
}

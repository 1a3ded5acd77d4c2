package org.bandpass.trainer.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;

/** Loss of each step, nats per token, oldest first. */
final class LossCurve {

    private final List<Double> losses;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    LossCurve(List<Double> losses) {
        this.losses = new ArrayList<>(losses);
    }

    void add(double loss) {
        losses.add(loss);
    }

    int steps() {
        return losses.size();
    }

    /** Returns the loss of the last step, NaN before the first. */
    double last() {
        return losses.isEmpty() ? Double.NaN : losses.get(steps() - 1);
    }

    @JsonValue
    List<Double> losses() {
        return losses;
    }

    /** Returns the means over a hundred equal shares of the steps, or one for each step where there are fewer. */
    List<Double> means() {
        int shares = Math.min(100, steps());
        List<Double> means = new ArrayList<>();
        for (long share = 0; share < shares; share++) {
            List<Double> some =
                    losses.subList((int) (share * steps() / shares), (int) ((share + 1) * steps() / shares));
            means.add(some.stream().mapToDouble(loss -> loss).average().orElseThrow());
        }
        return means;
    }
}

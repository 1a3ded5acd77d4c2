package org.bandpass.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bandpass.schemas.OffsetRange;
import org.jspecify.annotations.Nullable;

/**
 * What identifies a run, fixed when it begins, except for the rate; {@code run.json}.
 *
 * @param identity what the user asked for, see {@link RunRequest#identity}
 * @param learningRate peak of the rate now; null for the preset's
 * @param manifest settings, versions, revisions and device, for people and reports
 */
record RunDefinition(
        Map<String, String> identity,
        StepBudget budget,
        List<OffsetRange> snapshot,
        @Nullable Double learningRate,
        JsonNode manifest) {

    /** Returns what another request differs in, in words. */
    List<String> differences(Map<String, String> other) {
        List<String> differences = new ArrayList<>();
        other.forEach((name, value) -> {
            String mine = identity.get(name);
            if (!value.equals(mine)) {
                differences.add(name + " was " + mine + " and is " + value);
            }
        });
        return differences;
    }

    /** Returns the same with another rate; the manifest lists it with the step after which it applies. */
    RunDefinition withLearningRate(double rate, long step) {
        ObjectNode changed = manifest.deepCopy();
        changed.withArray("learningRates").addObject().put("afterStep", step).put("learningRate", rate);
        return new RunDefinition(identity, budget, snapshot, rate, changed);
    }
}

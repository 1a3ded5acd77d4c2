package org.bandpass.selector.plan;

import java.util.List;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.score.Stratification;
import org.jspecify.annotations.Nullable;

/**
 * Describes a new plan.
 *
 * @param plan the plan; its topic, its model revision and its cuts are empty until it is made
 * @param modelRevision whose scores are ranked; null for the only one
 * @param version version of the cuts to freeze; null for the latest
 * @param partial whether frozen cuts may leave out a part of the scored topic
 * @param mixed whether the cuts may be over scores that were made in different ways
 */
public record PlanDraft(
        Plan plan, @Nullable String modelRevision, @Nullable Integer version, boolean partial, boolean mixed) {

    public static final long DEFAULT_WARM_UP = 10_000;

    public PlanDraft {
        PlanBands.checkName("the plan", plan.getName());
        PlanBands.check(plan.getBands());
        Band implied = PlanBands.ofShorthand(plan.getName());
        if (implied != null && !plan.getBands().equals(List.of(implied))) {
            throw new IllegalArgumentException("the name '" + plan.getName() + "' says which band the plan has, from "
                    + implied.getFrom() + " to " + implied.getTo() + "; choose another name for other bands");
        }
        if (plan.getWarmUp() < 1) {
            throw new IllegalArgumentException("the warm-up must be 1 score or more, not " + plan.getWarmUp());
        }
        if (version != null && version < 1) {
            throw new IllegalArgumentException("versions of the cuts count from 1, not " + version);
        }
    }

    /** Returns a frozen plan over all scores, to be completed for a draft. */
    public static Plan.Builder frozen(String name, List<Band> bands) {
        return Plan.newBuilder()
                .setName(name)
                .setBands(List.copyOf(bands))
                .setCutMode(CutMode.FROZEN)
                .setScoredTopic("")
                .setModelRevision("");
    }

    Stratification stratification() {
        return Stratification.named(plan.getStratification());
    }

    boolean isLive() {
        return plan.getCutMode() == CutMode.LIVE;
    }

    boolean choosesCuts() {
        return version != null || modelRevision != null || partial || mixed;
    }

    /** Returns whether a stored plan may have been made of this draft; its origin is only a note. */
    boolean describes(Plan stored) {
        Plan.Builder same = Plan.newBuilder(plan)
                .setScoredTopic(stored.getScoredTopic())
                .setModelRevision(stored.getModelRevision())
                .setOrigin(stored.getOrigin())
                .setCutsVersion(stored.getCutsVersion())
                .setCuts(stored.getCuts());
        if (!isLive()) {
            same.setWarmUp(stored.getWarmUp());
        }
        return same.build().equals(stored)
                && (modelRevision == null || modelRevision.equals(stored.getModelRevision()))
                && (isLive() || version == null || version.equals(stored.getCutsVersion()));
    }
}

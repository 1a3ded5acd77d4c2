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
 * @param warmUp how many scores the cuts must have before a live plan starts
 * @param origin why the plan was made, for people
 * @param modelRevision whose scores are ranked; null for the only one
 * @param version version of the cuts to freeze; null for the latest
 * @param partial whether frozen cuts may leave out a part of the scored topic
 * @param mixed whether the cuts may be over scores that were made in different ways
 */
public record PlanDraft(
        String name,
        List<Band> bands,
        Stratification stratification,
        CutMode cutMode,
        long warmUp,
        String origin,
        @Nullable String modelRevision,
        @Nullable Integer version,
        boolean partial,
        boolean mixed) {

    public static final long DEFAULT_WARM_UP = 10_000;

    public PlanDraft {
        PlanBands.checkName("the plan", name);
        PlanBands.check(bands);
        bands = List.copyOf(bands);
        Band implied = PlanBands.ofShorthand(name);
        if (implied != null && !bands.equals(List.of(implied))) {
            throw new IllegalArgumentException("the name '" + name + "' says which band the plan has, from "
                    + implied.getFrom() + " to " + implied.getTo() + "; choose another name for other bands");
        }
        if (warmUp < 1) {
            throw new IllegalArgumentException("the warm-up must be 1 score or more, not " + warmUp);
        }
        if (version != null && version < 1) {
            throw new IllegalArgumentException("versions of the cuts count from 1, not " + version);
        }
    }

    boolean describes(Plan stored) {
        boolean live = cutMode == CutMode.LIVE;
        return bands.equals(stored.getBands())
                && stratification.word().equals(stored.getStratification())
                && cutMode == stored.getCutMode()
                && (!live || warmUp == stored.getWarmUp())
                && (modelRevision == null || modelRevision.equals(stored.getModelRevision()))
                && (live || version == null || version.equals(stored.getCutsVersion()));
    }
}

package org.bandpass.selector.plan;

import java.nio.file.Path;
import java.util.List;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Finds the plan that a user means: a stored one, a shorthand such as {@code high-50}, or a file. What is not stored yet
 * is made of the latest cuts; what is stored stays as it is, and a file that differs from it is refused.
 *
 * @param catalog the stored plans
 * @param liveWarmUp scores after which a shorthand routes live; null for frozen cuts
 * @param modelRevision whose scores a shorthand ranks; null for the only ones there are
 * @param mixed whether a shorthand's cuts may be over scores that were made in different ways
 * @param patient whether a live plan may wait for the first cuts, which say whose scores it ranks
 */
public record PlanChoice(
        PlanCatalog catalog,
        @Nullable Long liveWarmUp,
        @Nullable String modelRevision,
        boolean mixed,
        boolean patient) {

    /**
     * Returns the plan, made but not stored where it is new.
     *
     * @throws ProgramFailure if nothing of that name is known, or a file differs from the plan of its name
     */
    public Plan find(String given, Stop stop) {
        if (isFile(given)) {
            return of(PlanFile.read(Path.of(given)), stop);
        }
        Band band = PlanBands.ofShorthand(given);
        boolean described = liveWarmUp != null || modelRevision != null;
        if (band != null && (described || !catalog.all().containsKey(given))) {
            CutMode mode = liveWarmUp == null ? CutMode.FROZEN : CutMode.LIVE;
            long warmUp = liveWarmUp == null ? PlanDraft.DEFAULT_WARM_UP : liveWarmUp;
            Stratification all = Stratification.ALL;
            return of(
                    new PlanDraft(
                            given, List.of(band), all, mode, warmUp, "shorthand", modelRevision, null, false, mixed),
                    stop);
        }
        if (described) {
            throw new ProgramFailure("'" + given + "' is no shorthand such as high-50, and only those are described by"
                    + " --live and --model-revision; a stored plan says itself what it is");
        }
        return catalog.named(given);
    }

    /** A name has neither dot nor slash. */
    public static boolean isFile(String given) {
        return given.indexOf('.') >= 0 || given.indexOf('/') >= 0 || given.indexOf('\\') >= 0;
    }

    private Plan of(PlanDraft draft, Stop stop) {
        Plan stored = catalog.all().get(draft.name());
        if (stored == null) {
            if (patient && draft.cutMode() == CutMode.LIVE && draft.modelRevision() == null) {
                catalog.awaitCuts(stop);
                if (stop.requested()) {
                    throw new ProgramFailure("stopped while plan '" + draft.name() + "' waited for the first cuts");
                }
            }
            return catalog.make(draft);
        }
        if (!draft.describes(stored)) {
            throw PlanDescription.conflict(stored);
        }
        return stored;
    }
}

package org.bandpass.selector.plan;

import java.nio.file.Path;
import java.util.List;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Plan;
import org.bandpass.service.ProgramFailure;
import org.bandpass.service.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Finds a plan by what the user gives: a stored plan, a shorthand such as {@code high-50}, or a file. A new plan is
 * made from the latest cuts; a file that differs from the stored plan of its name is refused.
 *
 * @param liveWarmUp number of scores after which a shorthand routes live; null for frozen cuts
 * @param modelRevision whose scores a shorthand ranks; null for the only ones
 * @param mixed whether a shorthand's cuts may be over scores that were made in different ways
 * @param mayWait whether a live plan may wait for the first cuts, which determine whose scores it ranks
 */
public record PlanChoice(
        PlanCatalog catalog,
        @Nullable Long liveWarmUp,
        @Nullable String modelRevision,
        boolean mixed,
        boolean mayWait) {

    /** Returns the plan; a new one is not stored yet. Throws a ProgramFailure if none is found or a file differs. */
    public Plan find(String given, Stop stop) {
        if (isFile(given)) {
            return of(PlanFile.read(Path.of(given)), stop);
        }
        Band band = PlanBands.ofShorthand(given);
        boolean described = liveWarmUp != null || modelRevision != null;
        if (band != null && (described || !catalog.all().containsKey(given))) {
            Plan.Builder plan = PlanDraft.frozen(given, List.of(band)).setOrigin("shorthand");
            if (liveWarmUp != null) {
                plan.setCutMode(CutMode.LIVE).setWarmUp(liveWarmUp);
            }
            return of(new PlanDraft(plan.build(), modelRevision, null, false, mixed), stop);
        }
        if (described) {
            throw new ProgramFailure("'" + given + "' is not a shorthand such as high-50; --live and --model-revision"
                    + " are for shorthands only");
        }
        return catalog.named(given);
    }

    /** A name has neither dot nor slash. */
    public static boolean isFile(String given) {
        return given.indexOf('.') >= 0 || given.indexOf('/') >= 0 || given.indexOf('\\') >= 0;
    }

    private Plan of(PlanDraft draft, Stop stop) {
        String name = draft.plan().getName();
        Plan stored = catalog.all().get(name);
        if (stored == null) {
            if (mayWait && draft.isLive() && draft.modelRevision() == null) {
                catalog.awaitCuts(stop);
                if (stop.requested()) {
                    throw new ProgramFailure("stopped while plan '" + name + "' waited for the first cuts");
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

package org.bandpass.selector.router;

import java.time.Duration;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.cuts.CutsArchive;
import org.bandpass.selector.cuts.CutsVersion;
import org.bandpass.selector.runtime.Patience;

/** Waits until the cuts of a live plan count enough scores; a frozen plan has its cuts and waits for nothing. */
final class WarmUp {

    private static final long POLL_NANOS = Duration.ofMillis(500).toNanos();

    private final CutsArchive archive;
    private final Plan plan;
    private final Patience patience = new Patience(CatchUp.PATIENCE);
    private long counted = -1;
    private long lookedAt;

    WarmUp(CutsArchive archive, Plan plan) {
        this.archive = archive;
        this.plan = plan;
    }

    Plan plan() {
        return plan;
    }

    /** Returns whether the plan may begin to route; looks at the cuts twice a second, however often it is asked. */
    boolean isOver() {
        if (plan.getCutMode() == CutMode.FROZEN) {
            return true;
        }
        long now = System.nanoTime();
        if (counted >= 0 && now - lookedAt < POLL_NANOS) {
            return false;
        }
        lookedAt = now;
        CutsVersion latest = archive.latest(plan.getScoredTopic()).get(plan.getModelRevision());
        boolean first = counted < 0;
        counted = latest == null ? 0 : latest.all().getCount();
        if (first && counted < plan.getWarmUp()) {
            System.err.printf(
                    "plan %s waits until the cuts count %,d scores, now %,d; 'bandpass calibrate' makes them%n",
                    plan.getName(), plan.getWarmUp(), counted);
        }
        return counted >= plan.getWarmUp();
    }

    /**
     * Gives up if the cuts no longer grow, as a job must.
     *
     * @throws org.bandpass.service.ProgramFailure if the count of the cuts does not grow
     */
    void expectProgress() {
        patience.look(
                counted,
                () -> "the number of scores in the cuts that live plan " + plan.getName() + " waits for (" + counted
                        + " of " + plan.getWarmUp() + ")");
    }
}

package org.bandpass.selector.audit;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.selector.runtime.Summary;
import org.bandpass.selector.score.ScoredPosition;

/** What an audit found of one band; filled while it runs. Records are named by scored partition and offset. */
public final class BandAudit {

    /** Findings that are named one by one; the others are counted. */
    private static final int NAMED = 20;

    private final String plan;
    private final String band;
    private final List<String> named = new ArrayList<>();
    private long documents;
    private long lost;
    private long doubled;
    private long misplaced;
    private long tieMass;
    private double maxDistance;
    private double rankErrorBound;

    BandAudit(String plan, String band) {
        this.plan = plan;
        this.band = band;
    }

    void population(long scored, long ties, double bound) {
        documents = scored;
        tieMass = ties;
        rankErrorBound = bound;
    }

    void lost(ScoredPosition at) {
        lost++;
        name(at + " is lost");
    }

    void doubled(ScoredPosition at) {
        doubled++;
        name(at + " is there more than once");
    }

    /** Notes a record that is in the band and should not be, or the other way round; distance from the cut in rank. */
    void misplaced(ScoredPosition at, double distance, String why) {
        misplaced++;
        maxDistance = Math.max(maxDistance, distance);
        if (distance > rankErrorBound) {
            name(at + " " + why);
        }
    }

    private void name(String finding) {
        if (named.size() < NAMED) {
            named.add("band " + band + ": " + finding);
        }
    }

    /** Returns the first findings that make the audit fail, a line each. */
    public List<String> findings() {
        return named;
    }

    /** Returns whether nothing is lost, doubled or farther from the cut than the rank error bound. */
    public boolean passes() {
        return lost == 0 && doubled == 0 && maxDistance <= rankErrorBound;
    }

    /** Returns the counts. */
    public Summary summary() {
        return new Summary(
                Summary.object()
                        .put("plan", plan)
                        .put("band", band)
                        .put("documents", documents)
                        .put("lost", lost)
                        .put("doubled", doubled)
                        .put("misplaced", misplaced)
                        .put("tieMass", tieMass)
                        .put("maxDistanceFromCut", maxDistance)
                        .put("rankErrorBound", rankErrorBound),
                Summary.format(
                        "%-12s %,d documents seen: %d lost, %d doubled, %d misplaced (%d share a score with a cut), at"
                                + " most %.6f from the cut where ranks may err by %.6f: %s",
                        band,
                        documents,
                        lost,
                        doubled,
                        misplaced,
                        tieMass,
                        maxDistance,
                        rankErrorBound,
                        passes() ? "passed" : "FAILED"));
    }
}

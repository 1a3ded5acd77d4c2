package org.bandpass.selector.audit;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.selector.runtime.Summary;
import org.bandpass.selector.score.ScoredPosition;

/** The findings of an audit about one band. Records are named by scored partition and offset. */
public final class BandAudit {

    /** Later findings are only counted. */
    private static final int MOST_FINDINGS = 20;

    private final String plan;
    private final String band;
    private final List<String> findings = new ArrayList<>();
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
        add(at + " is lost");
    }

    void doubled(ScoredPosition at) {
        doubled++;
        add(at + " is there more than once");
    }

    /** Counts a record that is in the band and should not be, or vice versa; distance from the cut in rank. */
    void misplaced(ScoredPosition at, double distance, String why) {
        misplaced++;
        maxDistance = Math.max(maxDistance, distance);
        if (distance > rankErrorBound) {
            add(at + " " + why);
        }
    }

    private void add(String finding) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add("band " + band + ": " + finding);
        }
    }

    /** Returns the first findings that make the audit fail. */
    public List<String> findings() {
        return findings;
    }

    public boolean passes() {
        return lost == 0 && doubled == 0 && maxDistance <= rankErrorBound;
    }

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
                        "%-12s %,d documents routed: %d lost, %d doubled, %d misplaced (%d share a score with a cut),"
                                + " at most %.6f from the cut where ranks may err by %.6f: %s",
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

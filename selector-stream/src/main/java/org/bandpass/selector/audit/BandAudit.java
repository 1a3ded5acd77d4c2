package org.bandpass.selector.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.selector.runtime.SelectorJson;

/** What an audit found of one band; filled while it goes on. Records are named by scored partition and offset. */
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

    void lost(String where) {
        lost++;
        name(where + " is lost");
    }

    void doubled(String where) {
        doubled++;
        name(where + " is there more than once");
    }

    /** Notes a record that is in the band and should not be, or the other way round; distance from the cut in rank. */
    void misplaced(String where, double distance, String why) {
        misplaced++;
        maxDistance = Math.max(maxDistance, distance);
        if (distance > rankErrorBound) {
            name(where + " " + why);
        }
    }

    private void name(String finding) {
        if (named.size() < NAMED) {
            named.add("band " + band + ": " + finding);
        }
    }

    public String band() {
        return band;
    }

    public long lost() {
        return lost;
    }

    public long doubled() {
        return doubled;
    }

    public long misplaced() {
        return misplaced;
    }

    public long tieMass() {
        return tieMass;
    }

    public double maxDistance() {
        return maxDistance;
    }

    public double rankErrorBound() {
        return rankErrorBound;
    }

    public long documents() {
        return documents;
    }

    /** Returns the first findings that make the audit fail, a line each. */
    public List<String> findings() {
        return named;
    }

    /** Returns whether nothing is lost, doubled or farther from the cut than ranks may err. */
    public boolean passes() {
        return lost == 0 && doubled == 0 && maxDistance <= rankErrorBound;
    }

    public ObjectNode json() {
        return SelectorJson.object()
                .put("plan", plan)
                .put("band", band)
                .put("documents", documents)
                .put("lost", lost)
                .put("doubled", doubled)
                .put("misplaced", misplaced)
                .put("tieMass", tieMass)
                .put("maxDistanceFromCut", maxDistance)
                .put("rankErrorBound", rankErrorBound);
    }
}

package org.bandpass.selector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What an audit found of one band; filled while it goes on. Records are named by scored partition and offset. */
final class BandAudit {

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

    String band() {
        return band;
    }

    long lost() {
        return lost;
    }

    long doubled() {
        return doubled;
    }

    long misplaced() {
        return misplaced;
    }

    long tieMass() {
        return tieMass;
    }

    double maxDistance() {
        return maxDistance;
    }

    double rankErrorBound() {
        return rankErrorBound;
    }

    long documents() {
        return documents;
    }

    /** Returns the first findings that make the audit fail, a line each. */
    List<String> findings() {
        return named;
    }

    /** Returns whether nothing is lost, doubled or farther from the cut than ranks may err. */
    boolean passes() {
        return lost == 0 && doubled == 0 && maxDistance <= rankErrorBound;
    }

    ObjectNode json() {
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

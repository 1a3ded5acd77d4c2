package org.bandpass.selector.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.runtime.Summary;
import org.bandpass.service.ProgramFailure;

/** Describes a plan: its bands, stratification and cuts. */
public final class PlanDescription {

    private PlanDescription() {}

    /** Returns a plan in one line, without its name and origin. */
    private static String line(Plan plan) {
        String bands = plan.getBands().stream()
                .map(band -> Summary.format(
                        "%s [%s, %s%s", band.getName(), band.getFrom(), band.getTo(), band.getTo() >= 1 ? "]" : ")"))
                .collect(Collectors.joining(", "));
        String cuts = plan.getCutMode() == CutMode.LIVE
                ? "live after " + plan.getWarmUp() + " scores"
                : "cuts version " + plan.getCutsVersion();
        return bands + "; by " + plan.getStratification() + "; " + cuts + " of model " + plan.getModelRevision();
    }

    /** Returns a plan with its origin, without the content of its cuts. */
    public static Summary summary(Plan plan) {
        ObjectNode json = Summary.object().put("plan", plan.getName());
        ArrayNode bands = json.putArray("bands");
        plan.getBands()
                .forEach(band -> bands.addObject()
                        .put("name", band.getName())
                        .put("from", band.getFrom())
                        .put("to", band.getTo()));
        json.put("stratification", plan.getStratification())
                .put("cutMode", plan.getCutMode().name().toLowerCase(Locale.ROOT))
                .put("scoredTopic", plan.getScoredTopic())
                .put("modelRevision", plan.getModelRevision())
                .put("origin", plan.getOrigin());
        if (plan.getCutMode() == CutMode.LIVE) {
            json.put("warmUp", plan.getWarmUp());
        } else {
            json.put("cutsVersion", plan.getCutsVersion())
                    .put("strata", plan.getCuts().size());
        }
        String origin = plan.getOrigin().isEmpty() ? "" : "; " + plan.getOrigin();
        return new Summary(json, Summary.format("%-20s %s%s", plan.getName(), line(plan), origin));
    }

    static ProgramFailure conflict(Plan stored) {
        return new ProgramFailure("plan '" + stored.getName() + "' exists, with " + line(stored)
                + "; a plan is never changed, because its bands would mean two things: choose another name");
    }
}

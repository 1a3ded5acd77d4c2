package org.bandpass.selector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.bandpass.schemas.CutMode;
import org.bandpass.schemas.Plan;
import org.bandpass.service.ClusterOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the stored plans. */
@Command(name = "plans", description = "Lists the stored plans: their bands, cuts and origin.")
public final class PlansCommand implements Callable<Integer> {

    @Mixin
    private ClusterOptions options = new ClusterOptions();

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        SelectorSettings settings = SelectorSettings.of(options.settings(SelectorSettings.definition()));
        try (Cluster cluster = Cluster.open(settings)) {
            Map<String, Plan> plans = new PlanCatalog(settings, cluster).all();
            PrintWriter out = spec.commandLine().getOut();
            plans.values().forEach(plan -> print(plan, out));
            out.flush();
            if (plans.isEmpty()) {
                System.err.println("there are no plans; 'bandpass cuts freeze' makes one");
            }
            return 0;
        }
    }

    private void print(Plan plan, PrintWriter out) {
        if (json) {
            SelectorJson.print(out, json(plan));
            return;
        }
        out.printf("%-20s %s%s%n", plan.getName(), describe(plan), origin(plan));
    }

    private static String origin(Plan plan) {
        return plan.getOrigin().isEmpty() ? "" : "; " + plan.getOrigin();
    }

    /** Returns a plan in a line for people: bands, stratification, cuts. */
    static String describe(Plan plan) {
        String bands = plan.getBands().stream()
                .map(band -> String.format(
                        Locale.ROOT,
                        "%s [%s, %s%s",
                        band.getName(),
                        band.getFrom(),
                        band.getTo(),
                        band.getTo() >= 1 ? "]" : ")"))
                .collect(Collectors.joining(", "));
        String cuts = plan.getCutMode() == CutMode.LIVE
                ? "live after " + plan.getWarmUp() + " scores"
                : "cuts version " + plan.getCutsVersion();
        return bands + "; by " + plan.getStratification() + "; " + cuts + " of model " + plan.getModelRevision();
    }

    private static ObjectNode json(Plan plan) {
        ObjectNode node = SelectorJson.object().put("plan", plan.getName());
        ArrayNode bands = node.putArray("bands");
        plan.getBands()
                .forEach(band -> bands.addObject()
                        .put("name", band.getName())
                        .put("from", band.getFrom())
                        .put("to", band.getTo()));
        node.put("stratification", plan.getStratification())
                .put("cutMode", plan.getCutMode().name().toLowerCase(Locale.ROOT))
                .put("scoredTopic", plan.getScoredTopic())
                .put("modelRevision", plan.getModelRevision())
                .put("origin", plan.getOrigin());
        if (plan.getCutMode() == CutMode.LIVE) {
            return node.put("warmUp", plan.getWarmUp());
        }
        return node.put("cutsVersion", plan.getCutsVersion())
                .put("strata", plan.getCuts().size());
    }
}

package org.bandpass.selector;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.plan.PlanDescription;
import org.bandpass.selector.runtime.KafkaCluster;
import org.bandpass.selector.runtime.SelectorJson;
import org.bandpass.selector.runtime.SelectorSettings;
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
        try (KafkaCluster cluster = KafkaCluster.open(settings)) {
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
            SelectorJson.print(out, PlanDescription.json(plan));
            return;
        }
        out.printf("%-20s %s%s%n", plan.getName(), PlanDescription.line(plan), origin(plan));
    }

    private static String origin(Plan plan) {
        return plan.getOrigin().isEmpty() ? "" : "; " + plan.getOrigin();
    }
}

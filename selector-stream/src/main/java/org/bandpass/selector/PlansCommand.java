package org.bandpass.selector;

import java.util.Collection;
import java.util.concurrent.Callable;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.plan.PlanDescription;
import org.bandpass.selector.runtime.KafkaCluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the stored plans. */
@Command(name = "plans", description = "Lists the stored plans: their bands, cuts and origin.")
public final class PlansCommand implements Callable<Integer> {

    @Mixin
    private SelectorOptions options = new SelectorOptions();

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Override
    public Integer call() {
        try (KafkaCluster cluster = options.connect()) {
            Collection<Plan> plans = new PlanCatalog(cluster).all().values();
            plans.forEach(plan -> PlanDescription.summary(plan).print(options.out(), json));
            if (plans.isEmpty()) {
                System.err.println("there are no plans; 'bandpass cuts freeze' makes one");
            }
            return 0;
        }
    }
}

package org.bandpass.selector;

import java.util.Collection;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.plan.PlanCatalog;
import org.bandpass.selector.plan.PlanDescription;
import org.bandpass.selector.runtime.KafkaCluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the stored plans. */
@Command(name = "plans", description = "Lists the stored plans: their bands, cuts and origin.")
public final class PlansCommand implements Runnable {

    @Mixin
    private SelectorOptions options = new SelectorOptions();

    @Override
    public void run() {
        try (KafkaCluster cluster = options.connect()) {
            Collection<Plan> plans = new PlanCatalog(cluster).all().values();
            plans.forEach(plan -> options.print(PlanDescription.summary(plan)));
            if (plans.isEmpty()) {
                System.err.println("there are no plans; 'bandpass cuts freeze' makes one");
            }
        }
    }
}

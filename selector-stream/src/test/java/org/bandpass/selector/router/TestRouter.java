package org.bandpass.selector.router;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.bandpass.schemas.Plan;
import org.bandpass.schemas.Topics;
import org.bandpass.selector.runtime.DeadLetters;
import org.bandpass.selector.runtime.StreamsSettings;
import org.bandpass.selector.runtime.TestSettings;

/** A router without a broker. */
public final class TestRouter {

    private TestRouter() {}

    /** Starts the router of a plan. */
    public static TopologyTestDriver start(Topics topics, Plan plan, Path folder) {
        return start(topics, plan, folder, new SimpleMeterRegistry());
    }

    static TopologyTestDriver start(Topics topics, Plan plan, Path folder, SimpleMeterRegistry registry) {
        return new TopologyTestDriver(
                topology(topics, plan, folder, registry), config(plan, folder, registry), Instant.EPOCH);
    }

    static Topology topology(Topics topics, Plan plan, Path folder, SimpleMeterRegistry registry) {
        return RouterTopology.build(config(plan, folder, registry), topics, plan, new RouterTally(plan, registry));
    }

    private static Properties config(Plan plan, Path folder, SimpleMeterRegistry registry) {
        return StreamsSettings.of(
                PlanRouter.program(plan),
                new DeadLetters.Address(TestSettings.of(), PlanRouter.PROGRAM, null, registry),
                folder);
    }
}

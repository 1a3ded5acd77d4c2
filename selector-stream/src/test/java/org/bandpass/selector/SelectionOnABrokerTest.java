package org.bandpass.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.bandpass.broker.EmbeddedBroker;
import org.bandpass.selector.SelectorCluster.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionOnABrokerTest {

    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    private SelectorCluster cluster;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void makeTopics() {
        cluster = new SelectorCluster(broker, folder);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void routesEveryDocumentToTheBandsOfItsRank() {
        cluster.score(Scored.many(5000, 7));

        Outcome calibrated = cluster.calibrate();
        Outcome frozen = cluster.freeze("run");
        Outcome selected = cluster.select("--plan", "run");
        Outcome audited = cluster.audit("run");

        assertThat(calibrated.error()).isEmpty();
        assertThat(calibrated.first().get("count").asLong()).isEqualTo(5000);
        assertThat(frozen.error()).isEmpty();
        assertThat(frozen.first().get("bands")).hasSize(3);
        assertThat(selected.error()).isEmpty();
        List<JsonNode> bands = audited.json();
        assertThat(audited.code()).as(audited.toString()).isZero();
        assertThat(bands).hasSize(3).allSatisfy(band -> {
            assertThat(band.get("documents").asLong()).isEqualTo(5000);
            assertThat(band.get("lost").asLong()).isZero();
            assertThat(band.get("doubled").asLong()).isZero();
            assertThat(band.get("misplaced").asLong()).isLessThanOrEqualTo(6);
        });
        int low = cluster.records(cluster.topics().band("run", "low").name()).size();
        int high = cluster.records(cluster.topics().band("run", "high").name()).size();
        assertThat(low + high).isEqualTo(5000);
        assertThat(low).isBetween(2495, 2505);
        assertThat(selected.first().get("documents").asLong()).isEqualTo(5000);
    }
}
